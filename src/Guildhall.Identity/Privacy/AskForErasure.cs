using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Passwords;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Privacy;

/// <summary>A person asks to be erased, with their password and a fresh proof. For two weeks it can be taken back; then <see cref="EraseAccount"/> does it.
/// What stands against it (open orders, money, disputes) is named and refuses it.</summary>
public static class AskForErasure
{
    /// <summary>How long it can be taken back.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromDays(14);

    private const int Attempts = 5;
    private const int AttemptsWithinSeconds = 15 * 60;

    public sealed record Body(string Password);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/me/erasure", async (Body body, Caller caller, IdentityParts identity, IEnumerable<PersonalData> parts, CancellationToken stop) =>
            (await Run(identity, parts, caller, body, stop)).ToHttp(success: 202))
        .WithName(nameof(AskForErasure)).RequiresSignIn().RequiresStepUp().Limited(RateClass.Auth).Produces<ErasureView>(202);

    public static async Task<Result<ErasureView>> Run(IdentityParts identity, IEnumerable<PersonalData> parts, Caller caller, Body body, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        if (body.Password.Length > 2 * PasswordRules.MaxLength) return IdentityRefusals.ErasurePasswordWrong;
        var attempts = "erasure:" + account.ToString("n");
        if (await identity.Limits.Hit(attempts, Attempts, AttemptsWithinSeconds, stop) is { } wait) return FoundationRefusals.RateLimited with { RetryAfterSeconds = wait };
        var stored = await identity.Database.Find<string>("select password_hash from identity.accounts where id = @account", new { account }, stop);
        if (stored is not null)
        {
            if (identity.Hashing.TryRun(() => identity.Passwords.Fits(body.Password, stored), stop) is not { } hashing) return IdentityRefusals.Busy;
            if (!await hashing) return IdentityRefusals.ErasurePasswordWrong;
        }
        return await identity.Database.InTransaction(tx => Ask(tx, parts, caller, new AccountId(account), why: null), stop);
    }

    /// <summary>Writes the wish down, for the person or for staff whom they asked.</summary>
    internal static async Task<Result<ErasureView>> Ask(Transaction tx, IEnumerable<PersonalData> parts, Caller caller, AccountId account, string? why)
    {
        var state = await tx.Find<AccountState?>("select state from identity.accounts where id = @account for no key update", new { account });
        if (state is null) return FoundationRefusals.NotFound;
        if (state is AccountState.Erased) return IdentityRefusals.WrongAccountState;
        if (await EraseAccount.StandsAgainst(tx, parts, account) is { Count: > 0 } reasons) return IdentityRefusals.ErasureNotPossible.With(("reasons", reasons));

        var (id, due) = (Guid.CreateVersion7(tx.Now), tx.Now + Wait);
        if (await tx.ChangeNow(Add, new { id, account, by = caller.AccountId, why, now = tx.Now, due }) == 0) return IdentityRefusals.ErasureWaiting;
        await tx.Enqueue(new EraseAccount(id), runAt: due, uniqueKey: id.ToString("n"));
        await tx.Audit(caller, "account.erasure_asked", "account", account.ToString(), after: new { due }, why: why);
        var zone = (await Accounts.Accounts.Summary(tx, account.Value)).Zone;
        await Notify.Person(tx, account.Value, "erasure_asked", new Dictionary<string, string>(StringComparer.Ordinal) { ["when"] = Say.When(due, zone), ["link"] = "/account/data" }, uniqueKey: id.ToString("n"));
        return new ErasureView(tx.Now, due, null);
    }

    private const string Add = """
        insert into identity.erasures (id, account_id, asked_by, why, asked_at, due_at) values (@id, @account, @by, @why, @now, @due)
        on conflict (account_id) where state = 'waiting' do nothing
        """;
}

/// <summary>An erasure that waits.</summary>
/// <param name="StandsAgainst">Why it was not done when it was due; it is tried again day by day.</param>
public sealed record ErasureView(DateTimeOffset AskedAt, DateTimeOffset DueAt, string? StandsAgainst);
