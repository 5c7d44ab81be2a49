using System.Globalization;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Quarantine;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Quarantine;

/// <summary>What staff decide about what was set aside.</summary>
internal static class QuarantineForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/quarantine/{id:long}/resolve", "ResolveQuarantineForm", MoneyPermissions.PaymentResolve, Resolve).Idempotent();
        app.MapForm("/console/messages/{id:long}/replay", "ReplayWebhookForm", MoneyPermissions.PaymentResolve, Replay).Idempotent();
    }

    private static async Task<IResult> Resolve(PostedForm form)
    {
        var id = long.Parse(form.Route("id"), CultureInfo.InvariantCulture);
        var (how, said) = form["how"] switch
        {
            "sent_back" => (Resolution.SentBack, "The money is on its way back."),
            "accepted" => (Resolution.Accepted, "Booked as it is."),
            _ => (Resolution.Explained, "Marked as explained."),
        };
        var done = await ResolveQuarantine.Run(form.Database, form.Get<GatewayBook>(), form.Caller, id, new ResolveQuarantine.Body(how, form["reason"]), form.Stop);
        var page = $"/console/quarantine/{id}";
        return done.Is(out _, out var refusal) ? form.Done(page, said) : form.Refused(page, refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "reason" : "", "reason");
    }

    private static async Task<IResult> Replay(PostedForm form)
    {
        var id = long.Parse(form.Route("id"), CultureInfo.InvariantCulture);
        var done = await ReplayWebhook.Run(form.Database, form.Caller, id, form.Stop);
        return done.Is(out _, out var refusal) ? form.Done($"/console/messages/{id}", "It is being read again.") : form.Refused($"/console/messages/{id}", refusal);
    }
}
