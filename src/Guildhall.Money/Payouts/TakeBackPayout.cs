using Guildhall.Foundation;
using Guildhall.Foundation.Jobs;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Payouts;

/// <summary>A payout that did not reach the bank lies in the destination's balance at the gateway: it is taken back to ours, where the books say it is.</summary>
public sealed record TakeBackPayout(PayoutId Payout) : IJob
{
    public static string Kind => "take_back_payout";

    private sealed record Row(PayoutId Id, string Gateway, string? TransferRef, Currency Currency, long Minor);

    internal static async Task Run(JobContext context, TakeBackPayout job)
    {
        var payout = await context.Database.Find<Row>("""
            select p.id, p.gateway, p.transfer_ref, w.currency, w.minor - w.fee_minor as minor from money.payouts p join money.withdrawals w on w.id = p.withdrawal_id where p.id = @Payout and p.state in ('failed', 'returned')
            """, new { job.Payout }, context.Stop);
        if (payout?.TransferRef is null) return;
        if (context.Get<Rails>().Called(payout.Gateway) is not { } rail) throw new RunAgainException(TimeSpan.FromHours(1)); // it is not set up now
        var answer = await rail.TakeBack(payout.Id, payout.TransferRef, new Amount(payout.Minor, payout.Currency), context.Stop);
        if (answer is GatewayAnswer<string>.Refused refused) throw new InvalidOperationException($"The transfer could not be taken back: {refused.Code} {refused.Text}");
        if (answer is GatewayAnswer<string>.Unknown) throw new RunAgainException(TimeSpan.FromSeconds(60)); // the gateway deduplicates by our reference
    }
}
