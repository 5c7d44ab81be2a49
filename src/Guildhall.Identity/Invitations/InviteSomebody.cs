using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Permissions;
using Guildhall.Identity.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Invitations;

/// <summary>Staff invite an address to roles that they hold themselves. The mail's link works once, for as many days as said.</summary>
public static class InviteSomebody
{
    internal const int MaxRoles = 20;

    /// <param name="Days">1 to 30 days.</param>
    public sealed record Body(string Email, IReadOnlyList<string> Roles, string? DisplayName = null, string Language = "en", int Days = 7);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/invitations", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(InviteSomebody)).Requires(IdentityPermissions.InvitationManage).RequiresStepUp().Produces<InvitationView>(201);

    public static async Task<Result<InvitationView>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        var wellFormed = EmailAddress.TryParse(body.Email, out var email);
        if (ProfileRules.Refuse(
            ("email", wellFormed ? null : "This is not an e-mail address we can write to."),
            ("roles", body.Roles.Count is >= 1 and <= MaxRoles ? null : $"Choose 1 to {MaxRoles} roles."),
            ("displayName", string.IsNullOrWhiteSpace(body.DisplayName) ? null : ProfileRules.NameObjection(body.DisplayName)),
            ("language", ProfileRules.LanguageObjection(body.Language)),
            ("days", body.Days is >= 1 and <= 30 ? null : "An invitation lasts 1 to 30 days.")) is { } refusal) return refusal;

        string[] roles = [.. body.Roles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var name = string.IsNullOrWhiteSpace(body.DisplayName) ? null : ProfileRules.CleanName(body.DisplayName);
        return await identity.Database.InTransaction<Result<InvitationView>>(async tx =>
        {
            var wanted = new Invitation(tx.NewId<InvitationId>(), email.Text, email.Key, name, body.Language, roles, body.Days, InvitationState.Sent, new AccountId(caller.AccountId!.Value), null,
                tx.Now, tx.Now.AddDays(body.Days), null);
            return await Write(tx, identity, caller, wanted);
        }, stop);
    }

    private static async Task<Result<InvitationView>> Write(Transaction tx, IdentityParts identity, Caller caller, Invitation wanted)
    {
        await Administrators.Lock(tx);
        if ((await tx.List<string>("select name from identity.roles where name = any (@Roles) limit 100", new { wanted.Roles })).Count < wanted.Roles.Length)
            return ProfileRules.Refuse(("roles", "One of the roles does not exist."))!;
        if (await Granting.NotHeld(tx, caller, wanted.Roles) is { } missing) return IdentityRefusals.PermissionNotHeld.With(("permission", missing));

        var token = Secret.New();
        if (await tx.ChangeNow(Add, new { wanted.Id, wanted.Email, wanted.EmailKey, wanted.DisplayName, wanted.Language, wanted.Roles, wanted.Days, hash = Secret.Hash(token), wanted.InvitedBy, now = tx.Now, wanted.ExpiresAt }) == 0)
            return IdentityRefusals.InvitationOpen;
        await Invitation.Send(tx, identity, caller, wanted.Id, wanted, token);
        await tx.Audit(caller, "invitation.sent", "invitation", wanted.Id.ToString(), after: new { wanted.Roles, wanted.Days }, personal: (wanted.Id.Value, new { email = wanted.Email }));
        return wanted.ToView();
    }

    private const string Add = """
        insert into identity.invitations (id, email, email_key, display_name, language, roles, days, token_hash, invited_by, created_at, sent_at, expires_at)
        values (@Id, @Email, @EmailKey, @DisplayName, @Language, @Roles, @Days, @hash, @InvitedBy, @now, @now, @ExpiresAt)
        on conflict (email_key) where state = 'sent' do nothing
        """;
}
