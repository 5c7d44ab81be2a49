using Guildhall.Foundation.Security;
using Guildhall.Messaging;
using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Tests.Money.Payouts;

/// <summary>Providers whose money goes to PayPal or M-Pesa, and what tests of those rails do over and over.</summary>
internal static class Wallets
{
    /// <summary>Somebody who sells and is paid there.</summary>
    public static async Task<Caller> ProviderAt(this MoneyWorld world, DestinationKind kind, string account)
    {
        var provider = MoneyWorld.Person();
        await world.Data().InTransaction(tx => Recipients.Put(tx, provider.AccountId!.Value, $"{provider.AccountId:n}@example.test", "Omar", "en", "UTC"));
        (await world.Names(provider, kind, account)).OrThrow();
        return provider;
    }

    public static Task<Result<SetDestination.View>> Names(this MoneyWorld world, Caller provider, DestinationKind kind, string? account, string? holder = null) =>
        SetDestination.Run(world.Data(), world.Rails, world.Get<MasterKey>(), provider, new SetDestination.Body(holder, account, Kind: kind), default);

    /// <summary>Puts money on the provider's balance: the sale less the fee of 15 %.</summary>
    public static async Task Sells(this MoneyWorld world, Caller provider, Amount sale) => await (await world.Order(sale, provider) with { Currency = sale.Currency }).PaidAndReleased();

    public static Task<Result<WithdrawalView>> AsksFor(this MoneyWorld world, Caller provider, Amount amount) => RequestWithdrawal.Run(world.Data(), world.Rails, provider, amount, default);

    /// <summary>Asks for it and has it approved.</summary>
    public static async Task<WithdrawalView> TakesOut(this MoneyWorld world, Caller provider, Amount amount)
    {
        var asked = (await world.AsksFor(provider, amount)).OrThrow();
        return (await ApproveWithdrawal.Run(world.Data(1), world.Rails, MoneyWorld.Staff, asked.Id, asked.Revision, default)).OrThrow();
    }

    public static async Task Later(this MoneyWorld world, int times = 4)
    {
        for (var i = 0; i < times; i++)
        {
            await world.JobsAreDone();
            await world.Clock.Passes(2.Minutes());
        }
        await world.JobsAreDone();
    }
}
