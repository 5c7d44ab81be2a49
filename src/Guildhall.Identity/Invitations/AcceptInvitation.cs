using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Permissions;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Invitations;

/// <summary>sent → accepted, once. Who has no account gets one with the password they choose; who has one accepts signed in to it. The roles are what the
/// invitation says and its inviter may still give in this moment: nothing of the body decides them. Every "no" leaves an audit entry.</summary>
public static class AcceptInvitation
{
    /// <param name="Password">For an address without an account; never the secret itself.</param>
    /// <param name="DisplayName">The invitation's when it is left out.</param>
    public sealed record Body(string Token, string? Password = null, string? DisplayName = null);

    /// <param name="Next"><c>sign_in</c> for a new account, <c>done</c> for one that was signed in.</param>
    public sealed record Answer(IReadOnlyList<string> Roles, string Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/invitations/actions/accept", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp())
        .WithName(nameof(AcceptInvitation)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new BringsOwnSecret()).Produces<Answer>();

    private sealed record NewAccount(string DisplayName, string PasswordHash);
    private sealed record Known(AccountId Id, AccountState State);
    private sealed record Outcome(Refusal? Refusal, AccountId Account = default, string[]? Roles = null, bool IsNew = false);

    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        NewAccount? wanted = null;
        // The password is looked at, and stretched, only for a secret that is good: nobody else can make us work.
        if (!caller.IsSignedIn && await CheckInvitation.Find(identity.Database, body.Token, stop) is { State: null or AccountState.Unverified } found)
        {
            var made = await Make(identity, found.Invitation, body, stop);
            if (!made.Is(out wanted, out var refusal)) return refusal;
        }
        var outcome = await identity.Database.InTransaction(tx => Accept(tx, caller, body.Token, wanted), stop);
        if (outcome.Refusal is { } no) return no;
        await identity.ReachEveryNode(outcome.Account.Value);
        return new Answer(outcome.Roles!, outcome.IsNew ? "sign_in" : "done");
    }

    private static async Task<Result<NewAccount>> Make(IdentityParts identity, Invitation invitation, Body body, CancellationToken stop)
    {
        var name = string.IsNullOrWhiteSpace(body.DisplayName) ? invitation.DisplayName : body.DisplayName;
        if (ProfileRules.Refuse(
            ("password", body.Password is { } given ? PasswordRules.Objection(given, PasswordRules.MinLength) : "Choose a password."),
            ("displayName", name is null ? "Say your name." : ProfileRules.NameObjection(name))) is { } refusal) return refusal;
        if (body.Password!.Contains(body.Token, StringComparison.Ordinal)) return IdentityRefusals.SecretAsPassword;
        var clean = ProfileRules.CleanName(name!);
        var key = invitation.EmailKey;
        if (await NewPassword.Objection(identity, "password", body.Password, KnownWords.Of(identity.Options, key, clean), PasswordRules.MinLength, stop) is { } objection) return objection;
        return (await NewPassword.Hash(identity, body.Password, stop)).Is(out var hash, out var busy) ? new NewAccount(clean, hash) : busy;
    }

    private static async Task<Outcome> Accept(Transaction tx, Caller caller, string token, NewAccount? wanted)
    {
        // A demotion of the inviter comes wholly before this or wholly after.
        await Administrators.Lock(tx);
        var hash = Secret.Hash(token);
        var invitation = Secret.LooksLikeOne(token) ? await tx.Find<Invitation>($"select {Invitation.Columns} from identity.invitations i where i.token_hash = @hash for update", new { hash }) : null;
        if (invitation is null) return await Refuse(tx, caller, null, "unknown", IdentityRefusals.InvitationFailed);
        if (!invitation.IsOpenAt(tx.Now)) return await Refuse(tx, caller, invitation, invitation.State is InvitationState.Sent ? "expired" : Names.Of(invitation.State), IdentityRefusals.InvitationFailed);
        if (!await MayStillGive(tx, invitation)) return await Refuse(tx, caller, invitation, "inviter_may_no_longer", IdentityRefusals.InvitationFailed);

        var known = await tx.Find<Known>("select id, state from identity.accounts where email_key = @EmailKey for update", new { invitation.EmailKey });
        var isNew = known is null or { State: AccountState.Unverified };
        if (isNew && (caller.IsSignedIn || wanted is null)) return await Refuse(tx, caller, invitation, "other_account", IdentityRefusals.InvitationOfAnother);
        if (known is { State: AccountState.Suspended or AccountState.Erased }) return await Refuse(tx, caller, invitation, "suspended", IdentityRefusals.InvitationFailed);
        if (!isNew && !caller.IsSignedIn) return await Refuse(tx, caller, invitation, "not_signed_in", IdentityRefusals.InvitationSignInFirst);
        if (!isNew && !caller.Is(known!.Id.Value)) return await Refuse(tx, caller, invitation, "other_account", IdentityRefusals.InvitationOfAnother);

        var account = known?.Id ?? tx.NewId<AccountId>();
        // Somebody registers the address in this moment: looked at again, it is an account to confirm.
        if (isNew && !await PutAccount(tx, account, invitation, wanted!, isThere: known is not null)) return new Outcome(FoundationRefusals.TryAgain);
        await tx.ChangeOne(Use, new { invitation.Id, account, hash, now = tx.Now });
        await tx.Change(ChangeRoles.Give, new { id = account, roles = invitation.Roles, now = tx.Now });
        await Recipients.Forget(tx, invitation.Id.Value);
        await tx.Audit(caller with { Kind = CallerKind.Person, AccountId = account.Value }, "invitation.accepted", "invitation", invitation.Id.ToString(), before: new { state = known?.State },
            after: new { account, invitation.Roles, invitation.InvitedBy }, personal: (account.Value, new { email = invitation.Email }));
        await tx.Publish(new AccountChanged(account.Value));
        return new Outcome(null, account, invitation.Roles, isNew);
    }

    private static async Task<bool> MayStillGive(Transaction tx, Invitation invitation) =>
        !await Accounts.Accounts.MayNoLonger(tx, invitation.InvitedBy.Value, IdentityPermissions.InvitationManage)
        && await Granting.NotHeld(tx, invitation.InvitedBy.Value, invitation.Roles) is null
        && (await tx.List<string>("select name from identity.roles where name = any (@Roles) limit 100", new { invitation.Roles })).Count == invitation.Roles.Length;

    // Who holds the secret reads the mailbox, so the address is confirmed. A registration that nobody confirmed gives way with its password.
    private static async Task<bool> PutAccount(Transaction tx, AccountId account, Invitation invitation, NewAccount wanted, bool isThere)
    {
        var rows = await tx.ChangeNow(isThere ? Confirm : Add, new { account, invitation.Email, invitation.EmailKey, wanted.DisplayName, invitation.Language, wanted.PasswordHash, now = tx.Now });
        if (rows == 1) await Recipients.Put(tx, account.Value, invitation.Email, wanted.DisplayName, invitation.Language, "UTC");
        return rows == 1;
    }

    private static async Task<Outcome> Refuse(Transaction tx, Caller caller, Invitation? invitation, string because, Refusal refusal)
    {
        await tx.Audit(caller, "invitation.refused", "invitation", invitation?.Id.ToString() ?? "unknown", after: new { because, invitation?.Roles },
            personal: invitation is null ? null : (invitation.Id.Value, new { address = caller.Address?.ToString() }));
        return new Outcome(refusal);
    }

    private const string Add = """
        insert into identity.accounts (id, email, email_key, display_name, language, zone, password_hash, state, created_at, email_verified_at, changed_at)
        values (@account, @Email, @EmailKey, @DisplayName, @Language, 'UTC', @PasswordHash, 'active', @now, @now, @now)
        on conflict (email_key) do nothing
        """;

    private const string Confirm = """
        update identity.accounts set display_name = @DisplayName, language = @Language, password_hash = @PasswordHash, state = 'active', email_verified_at = @now, changed_at = @now
        where id = @account and state = 'unverified' and email_key = @EmailKey
        """;

    private const string Use = """
        update identity.invitations set state = 'accepted', account_id = @account, ended_at = @now where id = @Id and token_hash = @hash and state = 'sent' and expires_at > @now
        """;
}
