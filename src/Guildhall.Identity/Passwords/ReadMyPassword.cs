using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Identity.Passwords;

/// <summary>What the password card shows: since when the present one is used, and how long a new one has to be.</summary>
public sealed record MyPassword(DateTimeOffset Since, int MinLength);

/// <inheritdoc cref="MyPassword"/>
public static class ReadMyPassword
{
    private sealed record Row(DateTimeOffset Since, bool SecondFactor);

    public static async Task<MyPassword> Run(Database database, Caller caller, CancellationToken stop)
    {
        var row = await database.Find<Row>(ReadSql, new { account = caller.AccountId }, stop);
        return row is null ? new MyPassword(database.Clock.GetUtcNow(), PasswordRules.MinLength) : new MyPassword(row.Since, PasswordRules.MinLengthFor(row.SecondFactor));
    }

    private const string ReadSql = "select coalesce(password_changed_at, created_at) as since, second_factor from identity.accounts where id = @account";
}
