using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Ledger;
using Guildhall.Money.Payouts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Withdrawals;

/// <summary>(none) → pending. The amount moves from available to reserved under the lock of the balance, so that it cannot be asked for twice.</summary>
public static class RequestWithdrawal
{
    public sealed record Body(Amount Amount);

    private sealed record Destination(DestinationId Id, DateTimeOffset UsableFrom);

    internal static void Map(IEndpointRouteBuilder withdrawals) => withdrawals
        .MapPost("/", async (Body body, Caller caller, Database database, Rails rails, CancellationToken stop) =>
            (await Run(database, rails, caller, body.Amount, stop)).ToHttp(success: 201))
        .WithName(nameof(RequestWithdrawal)).RequiresSignIn().Idempotent().Produces<WithdrawalView>(201);

    public static async Task<Result<WithdrawalView>> Run(Database database, Rails rails, Caller caller, Amount amount, CancellationToken stop)
    {
        var asked = await database.InTransaction(tx => Ask(tx, rails, caller, amount), stop);
        return asked.Is(out var id, out var refusal) ? (await WithdrawalRows.Find(database, id, stop))!.ToView() : refusal;
    }

    private static async Task<Result<WithdrawalId>> Ask(Transaction tx, Rails rails, Caller caller, Amount amount)
    {
        var provider = caller.AccountId!.Value;
        var id = caller.OperationId is { } operation ? new WithdrawalId(operation) : tx.NewId<WithdrawalId>();
        if (await tx.Find<WithdrawalId?>("select id from money.withdrawals where id = @id and provider_id = @provider", new { id, provider }) is not null) return id;
        if (!amount.IsPositive) return MoneyRefusals.AmountNotPositive;
        var step = (await rails.For(tx, amount.Currency)).Step(amount.Currency);
        if (amount.Minor % step != 0) return MoneyRefusals.AmountNotRepresentable.With(("step", new Amount(step, amount.Currency)), ("largest", amount with { Minor = amount.Minor / step * step }));
        var destination = await tx.Find<Destination>("select id, usable_from from money.destinations where provider_id = @provider and retired_at is null", new { provider });
        if (destination is null) return MoneyRefusals.DestinationMissing;
        if (destination.UsableFrom > tx.Now) return MoneyRefusals.DestinationCoolingOff.With(("usableFrom", destination.UsableFrom));
        var available = await LockedBalance.Available(tx, provider, amount.Currency);
        if (available < amount) return MoneyRefusals.BalanceTooLow.With(("available", available));

        await tx.ChangeOne(Insert, new { id, provider, destination = destination.Id, currency = amount.Currency, minor = amount.Minor, now = tx.Now });
        await new Journal($"withdrawal:{id}", "withdrawal_requested").Move(amount, debit: Book.Available(provider), credit: Book.Reserved(provider)).Post(tx);
        await tx.Audit(caller, "withdrawal.requested", "withdrawal", id.ToString(), after: new { amount });
        await tx.Publish(new WithdrawalChanged(id, provider, amount, WithdrawalState.Pending, null));
        return id;
    }

    private const string Insert = """
        insert into money.withdrawals (id, provider_id, destination_id, currency, minor, state, requested_by, requested_at, changed_at)
        values (@id, @provider, @destination, @currency, @minor, 'pending', @provider, @now, @now)
        """;
}
