using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Identity.Accounts;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Money.Payouts;

/// <summary>What was right when a payout was approved is looked at again when it is sent: whether its provider owes or is suspended, whether the bank
/// details still hold, and the limits. Takes the locks: withdrawals, payouts, balances, each sorted.</summary>
internal static class Recheck
{
    /// <summary>A payout that is not sent yet. <c>Net</c> is what the bank gets.</summary>
    internal sealed record Item(PayoutId Id, WithdrawalId WithdrawalId, Guid ProviderId, DestinationId DestinationId, Currency Currency, long Minor, long FeeMinor, Hold? HeldCode,
        bool Waived, bool Retired, bool Flagged, DateTimeOffset DestinationAt)
    {
        public Amount Amount => new(Minor, Currency);
        public Amount Fee => new(FeeMinor, Currency);
        public Amount Net => Amount - Fee;
    }

    private sealed record Owed(Guid ProviderId, Currency Currency, long Minor);
    private sealed record Sent(Guid ProviderId, Currency Currency, long Minor);

    /// <summary>Those of the payouts that are not sent yet, locked, in order, each with what holds it now or null.</summary>
    public static async Task<IReadOnlyList<(Item Item, Hold? Hold)>> Lock(Transaction tx, IReadOnlyCollection<PayoutId> payouts)
    {
        var items = await tx.List<Item>(LockItems, new { ids = payouts.Select(p => p.Value).ToArray() });
        if (items.Count == 0) return [];
        var providers = items.Select(i => i.ProviderId).Distinct().ToArray();
        var suspended = await Accounts.Suspended(tx, providers);
        var owed = (await tx.List<Owed>(LockBalances, new { providers, currencies = items.Select(i => i.Currency.Code).Distinct().ToArray() }))
            .ToDictionary(o => (o.ProviderId, o.Currency), o => o.Minor);
        var sent = (await tx.List<Sent>(SentLately, new { providers, since = tx.Now - WithdrawalTerms.Day })).ToDictionary(s => (s.ProviderId, s.Currency), s => s.Minor);
        var limits = new Dictionary<Currency, (Amount? Maximum, Amount? PerDay)>();
        foreach (var currency in items.Select(i => i.Currency).Distinct())
            limits[currency] = (await AmountsByCurrency.Of(tx, MoneySettings.WithdrawalMaximum, currency), await AmountsByCurrency.Of(tx, MoneySettings.WithdrawalPerDay, currency));
        var age = TimeSpan.FromHours(await tx.Setting(MoneySettings.DestinationAgeHours));

        var found = new List<(Item, Hold?)>(items.Count);
        foreach (var item in items)
        {
            var key = (item.ProviderId, item.Currency);
            var (maximum, perDay) = limits[item.Currency];
            var today = sent.GetValueOrDefault(key);
            Hold? hold = item switch
            {
                { Retired: true } => Hold.DestinationChanged,
                { Flagged: true } => Hold.DestinationUnconfirmed,
                _ when item.DestinationAt + age > tx.Now => Hold.DestinationTooNew,
                _ when suspended.Contains(item.ProviderId) => Hold.ProviderSuspended,
                _ when owed.GetValueOrDefault(key) < 0 => Hold.ProviderOwes,
                { Waived: true } => null,
                _ when maximum is { } most && item.Amount > most => Hold.OverMaximum,
                _ when perDay is { } limit && item.Minor > limit.Minor - today => Hold.OverDailyLimit,
                _ => null,
            };
            if (hold is null) sent[key] = today + item.Minor;
            found.Add((item, hold));
        }
        return found;
    }

    /// <summary>Says on the withdrawals why they are not sent, and tells staff; one that is held for this already is left as it is.</summary>
    public static async Task Keep(Transaction tx, Caller source, IEnumerable<(Item Item, Hold Hold)> held)
    {
        foreach (var group in held.Where(h => h.Item.HeldCode != h.Hold).GroupBy(h => h.Hold))
        {
            var (items, says) = (group.Select(h => h.Item).ToList(), Holds.Says(group.Key));
            await tx.Change("update money.withdrawals set held_code = @code, held_at = @now, revision = revision + 1, changed_at = @now where id = any (@ids) and state = 'approved'",
                new { code = group.Key, now = tx.Now, ids = items.Select(i => i.WithdrawalId.Value).ToArray() });
            await WithdrawalEvents.AddAll(tx, source, [.. items.Select(i => i.WithdrawalId)], "held", says);
            foreach (var item in items) await tx.Publish(new WithdrawalHeld(item.WithdrawalId, item.ProviderId, item.Amount, group.Key));
            foreach (var item in items.Take(20)) await TellStaff.Warned(tx, item.WithdrawalId, item.ProviderId, item.Amount, "It is held: " + says);
        }
    }

    private const string LockItems = """
        select p.id, w.id as withdrawal_id, w.provider_id, w.destination_id, w.currency, w.minor, w.fee_minor, w.held_code, w.limits_waived_by is not null as waived,
            d.retired_at is not null as retired, d.flagged_at is not null as flagged, d.created_at as destination_at
        from money.withdrawals w join money.payouts p on p.withdrawal_id = w.id join money.destinations d on d.id = w.destination_id
        where p.id = any (@ids) and p.state = 'created' and w.state = 'approved' order by w.id for update of w, p
        """;

    private const string LockBalances = """
        select a.owner_id as provider_id, a.currency, money.lock_balance(a.kind, a.owner_id, a.currency) as minor
        from (select kind, owner_id, currency, id from money.accounts where kind = 'provider_available' and owner_id = any (@providers) and currency = any (@currencies) order by id) a
        """;

    private const string SentLately = """
        select w.provider_id, w.currency, sum(w.minor)::bigint as minor from money.payouts p join money.withdrawals w on w.id = p.withdrawal_id
        where p.sent_at > @since and p.state not in ('failed', 'returned') and w.provider_id = any (@providers) group by 1, 2
        """;
}
