using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Payouts;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Withdrawals;

/// <summary>The forms of the pages of bank files.</summary>
internal static class BatchForms
{
    private const string List = "/console/payout-batches";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm(List + "/build", "BuildBatchForm", MoneyPermissions.WithdrawalDecide, Build).Idempotent();
        app.MapForm(List + "/{id}/approve", "ApproveBatchForm", MoneyPermissions.WithdrawalDecide, form => Act(form, (id, seen) => ApproveBatch.Run(form.Database, form.Caller, id, seen, form.Stop), "Approved.")).Idempotent();
        app.MapForm(List + "/{id}/discard", "DiscardBatchForm", MoneyPermissions.WithdrawalDecide, form => Act(form, (id, seen) => DiscardBatch.Run(form.Database, form.Caller, id, seen, form.Stop), "Discarded.")).Idempotent();
        app.MapForm(List + "/{id}/send", "SendBatchForm", MoneyPermissions.WithdrawalDecide, form => Act(form,
            (id, seen) => SendBatch.Run(form.Database, form.Get<MasterKey>(), form.Get<BankOptions>(), form.Caller, id, seen, form.Stop), "The file is made. Take it to the bank.")).Idempotent();
        app.MapForm(List + "/{id}/result", "BankResultForm", MoneyPermissions.SettlementRecord, Result).Idempotent();
        app.MapGet(List + "/{id}/file", async (PayoutBatchId id, Caller caller, Foundation.Data.Database database, CancellationToken stop) =>
            await ReadBatches.Download(database, caller, id, stop) is { } file ? Results.File(file.Body, "application/xml", file.Name) : MoneyRefusals.BatchNotFound.ToHttp())
            .WithName("DownloadBatchPage").Requires(MoneyPermissions.WithdrawalDecide);
    }

    private static async Task<IResult> Build(PostedForm form)
    {
        var built = await BuildBatch.Run(form.Database, form.Get<MasterKey>(), form.Get<BankOptions>(), form.Caller, new BuildBatch.Body(form["currency"]), form.Stop);
        return built.Is(out var batch, out var refusal) ? form.Done($"{List}/{batch.Id}", $"Built: {batch.Count} transfers. A colleague has to approve it.") : form.Refused(List, refusal, "");
    }

    private static async Task<IResult> Act(PostedForm form, Func<PayoutBatchId, int, Task<Result<BatchView>>> act, string said)
    {
        var id = form.Id<PayoutBatchId>();
        var done = await act(id, form.Number("revision"));
        return done.Is(out _, out var refusal) ? form.Done($"{List}/{id}", said) : form.Refused($"{List}/{id}", refusal, "");
    }

    private static async Task<IResult> Result(PostedForm form)
    {
        var id = form.Id<PayoutBatchId>();
        if (await ReadBatches.One(form.Database, id, form.Stop) is not { } batch) return MoneyRefusals.BatchNotFound.ToHttp();
        if (!Amount.TryParse(form["amount"], batch.Total.Currency, System.Globalization.CultureInfo.InvariantCulture, out var amount))
            return form.Refused($"{List}/{id}", MoneyRefusals.AmountNotPositive, "");
        var outcome = form["outcome"] is "returned" ? RecordBankResult.Outcome.Returned : RecordBankResult.Outcome.Paid;
        var body = new RecordBankResult.Body(form["reference"].Trim(), form["endtoend"], outcome, amount, form["note"] is { Length: > 0 } note ? note : null);
        var done = await form.Database.InTransaction(tx => RecordBankResult.Run(tx, form.Caller, body), form.Stop);
        return done.Is(out _, out var refusal) ? form.Done($"{List}/{id}", "Recorded.") : form.Refused($"{List}/{id}", refusal, "");
    }
}
