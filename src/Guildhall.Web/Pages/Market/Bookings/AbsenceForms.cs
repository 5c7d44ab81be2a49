using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Absences;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>Somebody did not come: said, answered and taken back by form.</summary>
internal static class AbsenceForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/bookings/{id}/absence", "AbsenceForm", form => Report(form, "/bookings")).RequiresSignIn().Idempotent();
        app.MapPosted("/bookings/{id}/absence/answer", "AnswerAbsenceForm", form => Answer(form, "/bookings")).RequiresSignIn().Idempotent();
        app.MapPosted("/bookings/{id}/absence/withdraw", "WithdrawAbsenceForm", form => Withdraw(form, "/bookings")).RequiresSignIn().Idempotent();
        app.MapPosted("/desk/bookings/{id}/absence", "DeskAbsenceForm", form => Report(form, "/desk/bookings")).RequiresSignIn().Idempotent();
        app.MapPosted("/desk/bookings/{id}/absence/answer", "DeskAnswerAbsenceForm", form => Answer(form, "/desk/bookings")).RequiresSignIn().Idempotent();
        app.MapPosted("/desk/bookings/{id}/absence/withdraw", "DeskWithdrawAbsenceForm", form => Withdraw(form, "/desk/bookings")).RequiresSignIn().Idempotent();
    }

    private static async Task<IResult> Report(Posted form, string pages) => Shown(form, pages, await ReportAbsence.Run(form.Database, form.Caller, form.Id<BookingId>(), new ReportAbsence.Body(form["note"]), form.Stop),
        form.T("Noted. The other side is asked; nothing is charged meanwhile.", "سُجّل ذلك. يُسأل الطرف الآخر ولا يُخصم شيء في هذه الأثناء."));

    private static async Task<IResult> Answer(Posted form, string pages) =>
        Shown(form, pages, await AnswerAbsence.Run(form.Database, form.Caller, form.Id<BookingId>(), new AnswerAbsence.Body(form["answer"] is "agree", form["note"]), form.Stop), form.T("Noted.", "سُجّل ذلك."));

    private static async Task<IResult> Withdraw(Posted form, string pages) =>
        Shown(form, pages, await AnswerAbsence.Withdraw(form.Database, form.Caller, form.Id<BookingId>(), form.Stop), form.T("Taken back.", "سُحب ذلك."));

    private static IResult Shown(Posted form, string pages, Result<AbsenceView> result, string said)
    {
        var page = $"{pages}/{form.Id<BookingId>()}";
        if (result.Is(out _, out var refusal)) return form.Done(page, said);
        return refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }
}
