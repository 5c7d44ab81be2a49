using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Money.Ledger;
using Guildhall.Money.Payouts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Withdrawals;

/// <summary>(none) → pending. The amount moves from available to reserved under the lock of the balance, so that it cannot be asked for twice. The
/// fee in force is frozen on it; the bank gets the rest.</summary>
public static class RequestWithdrawal
{
    public sealed record Body(Amount Amount);

    private sealed record Destination(DestinationId Id, DestinationKind Kind, DateTimeOffset CreatedAt, DateTimeOffset UsableFrom, bool IsChange, bool Flagged);

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
        var destination = await tx.Find<Destination>(CurrentDestination, new { provider });
        if (destination is null) return MoneyRefusals.DestinationMissing;
        if (await WithdrawalTerms.Of(tx, rails, amount.Currency, destination.Kind) is not { } terms) return MoneyRefusals.DestinationOtherCurrency;
        if (terms.Objection(amount) is { } objection) return objection;
        if (destination.Flagged) return MoneyRefusals.DestinationUnconfirmed;
        var usableFrom = terms.UsableFrom(destination.CreatedAt, destination.UsableFrom);
        if (usableFrom > tx.Now) return MoneyRefusals.DestinationCoolingOff.With(("usableFrom", usableFrom));
        var available = await LockedBalance.Available(tx, provider, amount.Currency);
        if (available < amount) return MoneyRefusals.BalanceTooLow.With(("available", available));
        if (await terms.BeyondTheDay(tx, provider, amount) is { } left) return MoneyRefusals.WithdrawalDailyLimit.With(("left", left), ("limit", terms.PerDay));

        await tx.ChangeOne(Insert, new { id, provider, destination = destination.Id, currency = amount.Currency, minor = amount.Minor, fee = terms.Fee.Minor, now = tx.Now });
        await new Journal($"withdrawal:{id}", "withdrawal_requested").Move(amount, debit: Book.Available(provider), credit: Book.Reserved(provider)).Post(tx);
        await WithdrawalEvents.Add(tx, caller, id, "requested");
        await tx.Audit(caller, "withdrawal.requested", "withdrawal", id.ToString(), after: new { amount, fee = terms.Fee });
        await tx.Publish(new WithdrawalChanged(id, provider, amount, WithdrawalState.Pending, null));
        await TellStaff.Requested(tx, id, provider, amount);
        if (destination.IsChange && destination.CreatedAt.AddHours(await tx.Setting(MoneySettings.DestinationAlertHours)) > tx.Now) await Warn(tx, caller, id, provider, amount);
        return id;
    }

    private static async Task Warn(Transaction tx, Caller caller, WithdrawalId id, Guid provider, Amount amount)
    {
        await WithdrawalEvents.Add(tx, caller, id, "destination_is_new");
        await TellStaff.Warned(tx, id, provider, amount, "The bank details were changed shortly before.");
    }

    private const string CurrentDestination = """
        select d.id, d.kind, d.created_at, d.usable_from, d.flagged_at is not null as flagged,
            exists (select 1 from money.destinations earlier where earlier.provider_id = d.provider_id and earlier.id < d.id) as is_change
        from money.destinations d where d.provider_id = @provider and d.retired_at is null for share
        """;

    private const string Insert = """
        insert into money.withdrawals (id, provider_id, destination_id, currency, minor, fee_minor, state, requested_by, requested_at, changed_at)
        values (@id, @provider, @destination, @currency, @minor, @fee, 'pending', @provider, @now, @now)
        """;
}
