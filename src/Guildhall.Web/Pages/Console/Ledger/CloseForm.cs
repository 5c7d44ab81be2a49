using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Ledger.Periods;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Ledger;

/// <summary>Closes a month for ever.</summary>
internal static class CloseForm
{
    private const string Page = "/console/ledger/periods";

    public static void Map(IEndpointRouteBuilder app) => app
        .MapForm("/console/ledger/periods/{period}/close", nameof(CloseForm), MoneyPermissions.LedgerClose, Send).Idempotent();

    private static async Task<IResult> Send(PostedForm form)
    {
        var closed = await ClosePeriod.Run(form.Database, form.Caller, form.Route("period"), form["why"], form.Stop);
        return closed.Is(out var month, out var refusal)
            ? form.Done(Page, $"{month.Period} is closed. Its balances are frozen in a moment.")
            : form.Refused(Page, refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "why" : "", "why");
    }
}
