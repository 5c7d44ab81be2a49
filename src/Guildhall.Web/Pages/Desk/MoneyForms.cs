using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Desk;

/// <summary>The forms of a provider's money.</summary>
internal static class MoneyForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/desk/money/withdraw", "WithdrawForm", Withdraw).RequiresSignIn().Idempotent();
        app.MapPosted("/desk/money/bank", "BankForm", Bank).RequiresSignIn().RequiresStepUp().Limited(RateClass.Money);
        app.MapPosted("/desk/money/bank/confirm", "ConfirmBankForm", Confirm).RequiresSignIn().Limited(RateClass.Money).ChecksSessionRow();
        app.MapPosted("/desk/money/withdrawals/{id}/cancel", "CancelWithdrawalForm", Cancel).RequiresSignIn().Idempotent();
    }

    private static async Task<IResult> Withdraw(Posted form)
    {
        var code = form["currency"];
        var page = $"/desk/money/withdraw?currency={Uri.EscapeDataString(code)}";
        if (!Currency.TryParse(code, out var currency) || !Amount.TryParse(form["amount"], currency, form.Reader.Culture, out var amount))
            return form.Refused(page, MoneyRefusals.AmountNotPositive.Saying(form.T("Write the amount as digits, such as 12.500.", "اكتب المبلغ بالأرقام، مثل 12.500.")), "amount");
        var result = await RequestWithdrawal.Run(form.Database, form.Get<Rails>(), form.Caller, amount, form.Stop);
        return result.Is(out var withdrawal, out var refusal)
            ? form.Done($"/desk/money/withdrawals/{withdrawal.Id}", form.T($"{amount.Words()} is reserved and waits for approval.", $"حُجز {amount.Words()} وينتظر الموافقة."))
            : form.Refused(page, refusal, "amount");
    }

    private static async Task<IResult> Bank(Posted form)
    {
        var kind = KindOf(form["kind"]) ?? DestinationKind.Bank;
        var account = form[kind == DestinationKind.Bank ? "account" : Names.Of(kind)];
        var body = new SetDestination.Body(form["holder"], account, form["country"], form["bank_code"], kind);
        var result = await SetDestination.Run(form.Database, form.Get<Rails>(), form.Get<MasterKey>(), form.Caller, body, form.Stop);
        return result.Is(out var saved, out var refusal)
            ? form.Done("/desk/money/bank", form.T($"Saved: {saved.Hint}", $"حُفظ: {saved.Hint}"))
            : form.Refused("/desk/money/bank", refusal, "kind", "holder", "account", "country", "bank_code", "paypal", "mpesa");
    }

    /// <summary>Null for a text that is no kind of destination.</summary>
    internal static DestinationKind? KindOf(string? text) => Enum.GetValues<DestinationKind>().Cast<DestinationKind?>().FirstOrDefault(k => Names.Of(k!.Value) == text);

    private static async Task<IResult> Confirm(Posted form)
    {
        var result = await ConfirmDestination.Run(form.Database, form.Caller, form.Stop);
        return result.Is(out _, out var refusal) ? form.Done("/desk/money/bank", form.T("Confirmed. You can withdraw again.", "تم التأكيد. يمكنك السحب من جديد.")) : form.Sorry("/desk/money/bank", refusal);
    }

    private static async Task<IResult> Cancel(Posted form)
    {
        var page = $"/desk/money/withdrawals/{form.Id<WithdrawalId>()}";
        var result = await CancelWithdrawal.Run(form.Database, form.Caller, form.Id<WithdrawalId>(), form.Stop);
        if (result.Is(out _, out var refusal)) return form.Done(page, form.T("Cancelled. The amount is back in your balance.", "أُلغي. عاد المبلغ إلى رصيدك."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }
}
