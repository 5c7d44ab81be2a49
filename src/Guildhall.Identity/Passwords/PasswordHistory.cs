using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Identity.Passwords;

/// <summary>The last five passwords of an account, the present one among them, cannot be taken again. Only their hashes are kept.</summary>
internal static class PasswordHistory
{
    public const int Remembered = 5;

    /// <summary>Refuses a password that was used before. Each comparison is one piece of work for the hashing threads, so that sign-ins pass between them.</summary>
    public static async Task<Refusal?> Objection(IdentityParts identity, AccountId account, string? present, string password, CancellationToken stop)
    {
        var before = await identity.Database.List<string>(ReadSql, new { account, limit = Remembered - 1 }, stop);
        foreach (var stored in present is null ? before : before.Prepend(present))
        {
            if (identity.Hashing.TryRun(() => identity.Passwords.Fits(password, stored), stop) is not { } comparing) return IdentityRefusals.Busy;
            if (await comparing) return IdentityRefusals.PasswordUsedBefore;
        }
        return null;
    }

    /// <summary>The password that is about to be replaced becomes history; the fifth before it is forgotten.</summary>
    public static async Task Add(Transaction tx, AccountId account, string? replaced)
    {
        if (replaced is null) return;
        await tx.ChangeOne("insert into identity.password_history (account_id, password_hash, replaced_at) values (@account, @replaced, @now)", new { account, replaced, now = tx.Now });
        await tx.Change(TrimSql, new { account, limit = Remembered - 1 });
    }

    private const string ReadSql = "select password_hash from identity.password_history where account_id = @account order by replaced_at desc limit @limit";

    private const string TrimSql = """
        delete from identity.password_history where account_id = @account and password_hash not in (
            select h.password_hash from identity.password_history h where h.account_id = @account order by h.replaced_at desc limit @limit)
        """;
}
