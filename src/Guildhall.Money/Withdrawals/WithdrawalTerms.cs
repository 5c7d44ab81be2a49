using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;
using Guildhall.Money.Payouts;

namespace Guildhall.Money.Withdrawals;

/// <summary>What a withdrawal in one currency may be and costs, by the settings in force now. A limit that is not set is null.</summary>
public sealed record WithdrawalTerms(Amount Step, Amount Fee, Amount? Minimum, Amount? Maximum, Amount? PerDay, int AgeHours)
{
    internal static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>Null when nothing carries this currency to such a destination.</summary>
    public static async Task<WithdrawalTerms?> Of(Transaction tx, Rails rails, Currency currency, DestinationKind kind) => await rails.For(tx, currency, kind) is not { } rail ? null : new(
        new Amount(rail.Step(currency), currency),
        await AmountsByCurrency.Of(tx, MoneySettings.PayoutFee, currency) ?? Amount.Zero(currency),
        await AmountsByCurrency.Of(tx, MoneySettings.WithdrawalMinimum, currency),
        await AmountsByCurrency.Of(tx, MoneySettings.WithdrawalMaximum, currency),
        await AmountsByCurrency.Of(tx, MoneySettings.WithdrawalPerDay, currency),
        await tx.Setting(MoneySettings.DestinationAgeHours));

    /// <summary>What may be asked for at most of this much: what is left of it after the fee is a multiple of the step.</summary>
    public Amount Largest(Amount of)
    {
        var capped = Maximum is { } most && most < of ? most : of;
        var net = capped - Fee;
        return net.IsPositive ? new Amount((net.Minor / Step.Minor * Step.Minor) + Fee.Minor, of.Currency) : Amount.Zero(of.Currency);
    }

    /// <summary>From when money may be sent to bank details.</summary>
    public DateTimeOffset UsableFrom(DateTimeOffset createdAt, DateTimeOffset cooledOff) => createdAt.AddHours(AgeHours) is var aged && aged > cooledOff ? aged : cooledOff;

    internal Refusal? Objection(Amount amount)
    {
        if (amount <= Fee) return MoneyRefusals.WithdrawalTooSmall.With(("limit", Fee));
        if ((amount - Fee).Minor % Step.Minor != 0) return MoneyRefusals.AmountNotRepresentable.With(("step", Step), ("largest", Largest(amount)));
        if (Minimum is { } least && amount < least) return MoneyRefusals.WithdrawalTooSmall.With(("limit", least));
        return Maximum is { } most && amount > most ? MoneyRefusals.WithdrawalTooLarge.With(("limit", most)) : null;
    }

    /// <summary>Null when the day has room for it, else what is left. Asked under the lock of the balance, which all requests of a provider take.</summary>
    internal async Task<Amount?> BeyondTheDay(Transaction tx, Guid provider, Amount amount)
    {
        if (PerDay is not { } limit) return null;
        var asked = await tx.Get<long>("""
            select coalesce(sum(minor), 0)::bigint from money.withdrawals
            where provider_id = @provider and currency = @currency and requested_at > @since and state not in ('rejected', 'cancelled', 'failed', 'returned')
            """, new { provider, currency = amount.Currency, since = tx.Now - Day });
        var left = limit.Minor - asked;
        return amount.Minor > left ? new Amount(Math.Max(0, left), amount.Currency) : null;
    }
}
