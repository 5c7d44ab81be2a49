using System.Text.Json;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Money;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Tests.Money.Withdrawals;

/// <summary>What tests of withdrawals do over and over.</summary>
internal static class PayoutDesk
{
    public static async Task Says<T>(this MoneyWorld world, Setting<T> setting, T value)
    {
        var seen = (await SettingValues.All(world.Data(), world.Get<SettingBook>(), default)).Single(s => string.Equals(s.Key, setting.Key, StringComparison.Ordinal)).Version;
        (await world.Data().InTransaction(tx => SettingValues.Change(tx, MoneyWorld.Staff, setting, JsonSerializer.SerializeToElement(value), seen, "A test."))).OrThrow();
    }

    public static Task ForgetsSettings(this MoneyWorld world) => world.Database.Execute("delete from foundation.settings where key like 'money.%'; delete from foundation.settings_history where key like 'money.%'");

    public static Task<Result<WithdrawalView>> Asks(this MoneyWorld world, Caller provider, long minor, int node = 0) =>
        RequestWithdrawal.Run(world.Data(node), world.Rails, provider, new Amount(minor, MoneyWorld.Kwd), default);

    public static Task<Result<WithdrawalView>> Approves(this MoneyWorld world, WithdrawalView seen, Caller? who = null, int node = 0) =>
        ApproveWithdrawal.Run(world.Data(node), world.Rails, who ?? MoneyWorld.Staff, seen.Id, seen.Revision, default);

    public static async Task<WithdrawalView> Now(this MoneyWorld world, WithdrawalId id) => (await ListWithdrawals.One(world.Data(), MoneyWorld.Staff, id, default)).OrThrow();

    public static Task<WithdrawalView> BecomesHeld(this MoneyWorld world, WithdrawalId id, Hold hold) =>
        Eventually.Get(() => world.Now(id), w => w.Held == hold, $"The withdrawal was expected to be held: {hold}");

    public static Task Bank(this MoneyWorld world, Caller provider, string account = "DE89370400440532013000", string holder = "Omar Provider") => Done(
        SetDestination.Run(world.Data(), world.Rails, world.Get<MasterKey>(), provider, new SetDestination.Body(holder, account), default));

    private static async Task Done<T>(Task<Result<T>> asked) => (await asked).OrThrow();

    /// <summary>An account with this address; its person is known by the mailbox.</summary>
    public static async Task<Caller> Account(this MoneyWorld world, string email, params string[] permissions)
    {
        var person = MoneyWorld.Person(permissions);
        await world.Database.Execute("""
            insert into identity.accounts (id, email, email_key, display_name, language, zone, password_hash, state, created_at, email_verified_at, changed_at)
            values ($1, $2, lower($2), 'Somebody', 'en', 'UTC', 'x', 'active', now(), now(), now())
            """, person.AccountId!.Value, email);
        if (permissions.Length > 0) await world.Database.Execute("insert into identity.account_roles (account_id, role, granted_at) values ($1, 'finance', now())", person.AccountId!.Value);
        return person;
    }

    public static Task Suspends(this MoneyWorld world, Caller person, bool on = true) => world.Database.Execute("""
        insert into identity.accounts (id, email, email_key, display_name, language, zone, password_hash, state, created_at, email_verified_at, changed_at)
        values ($1, $1::text || '@example.test', $1::text || '@example.test', 'Somebody', 'en', 'UTC', 'x', $2, now(), now(), now())
        on conflict (id) do update set state = excluded.state
        """, person.AccountId!.Value, on ? "suspended" : "active");
}
