using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Facts;
using Guildhall.Identity.Accounts;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Methods;

/// <summary>A kept payment method as its owner sees it. It can be used to the end of the month in which it expires.</summary>
public sealed record SavedMethodView(SavedMethodId Id, string Gateway, string Brand, string Last4, int ExpMonth, int ExpYear, bool Expired, bool Default, DateTimeOffset SavedAt);

/// <summary>A method was kept or removed: told in the transaction that makes it true, with its customer's row locked.</summary>
public sealed record SavedMethodChanged(SavedMethodId Method, Guid Account, bool Removed) : IFact;

internal sealed record SavedMethod(SavedMethodId Id, Guid AccountId, string Gateway, string Token, string Customer, string Brand, string Last4, int ExpMonth, int ExpYear,
    string? Fingerprint, bool IsDefault, DateTimeOffset SavedAt, DateTimeOffset? RemovedAt, DateTimeOffset? ForgottenAt)
{
    public bool IsExpired(DateTimeOffset now) => ExpYear * 12 + ExpMonth < now.UtcDateTime.Year * 12 + now.UtcDateTime.Month;

    public SavedMethodView ToView(DateTimeOffset now) => new(Id, Gateway, Brand, Last4, ExpMonth, ExpYear, IsExpired(now), IsDefault, SavedAt);
}

/// <summary>Finding and locking kept methods.</summary>
internal static class SavedMethods
{
    /// <summary>Of one account at one gateway.</summary>
    public const int Most = 20;

    private const string Select = """
        select m.id, m.account_id, m.gateway, m.token, c.reference as customer, m.brand, m.last4, m.exp_month, m.exp_year, m.fingerprint,
            c.default_method is not distinct from m.id as is_default, m.saved_at, m.removed_at, m.forgotten_at
        from money.saved_methods m join money.gateway_customers c on c.account_id = m.account_id and c.gateway = m.gateway
        """;

    public static Task<SavedMethod?> Find(Database database, SavedMethodId id, CancellationToken stop) => database.Find<SavedMethod>($"{Select} where m.id = @id", new { id }, stop);

    /// <summary>The methods that an account has, the default one first.</summary>
    public static Task<IReadOnlyList<SavedMethod>> Of(Database database, Guid account, CancellationToken stop) => database.List<SavedMethod>(
        $"{Select} where m.account_id = @account and m.removed_at is null order by is_default desc, m.id desc limit 100", new { account }, stop);

    /// <summary>The method with its customer locked; null when it is not this account's.</summary>
    public static async Task<SavedMethod?> Lock(Transaction tx, Guid? account, SavedMethodId id)
    {
        var gateway = await tx.Find<string>("select gateway from money.saved_methods where id = @id and account_id = @account", new { id, account });
        if (gateway is null) return null;
        await LockCustomer(tx, account!.Value, gateway);
        return await tx.Find<SavedMethod>($"{Select} where m.id = @id", new { id }); // read after the wait for the lock, as it is now
    }

    /// <summary>Locks who the account is at a gateway: first, or after an order and its payment. Its reference there, or null.</summary>
    public static Task<string?> LockCustomer(Transaction tx, Guid account, string gateway) =>
        tx.Find<string>("select reference from money.gateway_customers where account_id = @account and gateway = @gateway for update", new { account, gateway });

    /// <summary>Those that this customer of a gateway has now; the customer is locked before.</summary>
    public static Task<IReadOnlyList<SavedMethod>> OfLocked(Transaction tx, Guid account, string gateway) => tx.List<SavedMethod>(
        $"{Select} where m.account_id = @account and m.gateway = @gateway and m.removed_at is null order by m.id desc limit 100", new { account, gateway });

    /// <summary>Why nothing more can be kept for the account at this gateway, or null.</summary>
    public static async Task<Refusal?> CannotKeep(Transaction tx, IGateway gateway, Guid account) =>
        !gateway.Can.SavedMethods ? MoneyRefusals.SavedMethodNotPossible
        : await tx.Get<long>("select count(*) from money.saved_methods where account_id = @account and gateway = @gateway and removed_at is null", new { account, gateway = gateway.Name }) >= Most
            ? MoneyRefusals.SavedMethodsFull.With(("atMost", Most)) : null;

    /// <summary>A method that its owner chose for a payment at this gateway, locked against its removal, or why it cannot be used.</summary>
    public static async Task<Result<SavedMethod>> ForPayment(Transaction tx, IGateway gateway, Guid account, SavedMethodId id)
    {
        if (await Lock(tx, account, id) is not { } method) return MoneyRefusals.SavedMethodNotFound;
        if (method.RemovedAt is not null) return MoneyRefusals.SavedMethodRemoved;
        if (method.IsExpired(tx.Now)) return MoneyRefusals.SavedMethodExpired;
        if (!gateway.Can.SavedMethods || !string.Equals(method.Gateway, gateway.Name, StringComparison.Ordinal)) return MoneyRefusals.SavedMethodElsewhere;
        return (await Accounts.Suspended(tx, [account])).Count > 0 ? MoneyRefusals.SavedMethodBlocked : method;
    }
}
