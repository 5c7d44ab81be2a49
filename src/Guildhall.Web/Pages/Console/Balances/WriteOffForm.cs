using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Balances;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Balances;

/// <summary>Proposes to give a provider's debt up, on the page of their balance.</summary>
internal static class WriteOffForm
{
    public static void Map(IEndpointRouteBuilder app) => app
        .MapForm("/console/balances/{provider:guid}/write-offs", nameof(WriteOffForm), MoneyPermissions.DebtWriteOff, Send).Idempotent();

    private static async Task<IResult> Send(PostedForm form)
    {
        var provider = Guid.Parse(form.Route("provider"));
        var page = $"/console/balances/{provider}";
        if (!Currency.TryParse(form["currency"], out var currency) || !Amount.TryParse(form["amount"], currency, CultureInfo.InvariantCulture, out var amount))
            return form.Refused(page, MoneyRefusals.AmountNotPositive, "amount", "reason");
        var asked = await WriteOffDebt.Run(form.Database, form.Caller, provider, new WriteOffDebt.Body(amount, form["reason"]), form.Stop);
        return asked.Is(out var approval, out var refusal) ? form.Done($"/console/approvals/{approval.Id}", "Proposed. A colleague decides.")
            : form.Refused(page, refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "reason" : "amount", "amount", "reason");
    }
}
