using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Tokens;
using Guildhall.Messaging;

namespace Guildhall.Identity.Invitations;

/// <summary>sent → accepted or revoked; of a person who was erased, erased. A sent one that has run out is sent again or revoked.</summary>
public enum InvitationState { Sent, Accepted, Revoked, Erased }

/// <summary>An invitation as staff see it.</summary>
/// <param name="Account">Who accepted it.</param>
public sealed record InvitationView(InvitationId Id, string Email, string? DisplayName, string Language, IReadOnlyList<string> Roles, InvitationState State, AccountId InvitedBy,
    AccountId? Account, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt);

internal sealed record Invitation(InvitationId Id, string Email, string EmailKey, string? DisplayName, string Language, string[] Roles, int Days, InvitationState State, AccountId InvitedBy,
    AccountId? AccountId, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt)
{
    public const string Columns = "i.id, i.email, i.email_key, i.display_name, i.language, i.roles, i.days, i.state, i.invited_by, i.account_id, i.sent_at, i.expires_at, i.ended_at";

    public InvitationView ToView() => new(Id, Email, DisplayName, Language, Roles, State, InvitedBy, AccountId, SentAt, ExpiresAt, EndedAt);

    public bool IsOpenAt(DateTimeOffset now) => State is InvitationState.Sent && now < ExpiresAt;

    public static Task<Invitation?> Lock(Transaction tx, InvitationId id) => tx.Find<Invitation>($"select {Columns} from identity.invitations i where i.id = @id for update", new { id });

    /// <summary>Mails the link. The address is known to Messaging under the invitation's id, since there need not be an account.</summary>
    public static async Task Send(Transaction tx, IdentityParts identity, Caller inviter, InvitationId id, Invitation invitation, string token)
    {
        var from = await Accounts.Accounts.Find(tx, inviter.AccountId!.Value);
        await Recipients.Put(tx, id.Value, invitation.Email, invitation.DisplayName ?? invitation.Email, invitation.Language, "UTC");
        // Behind #, as in every mail with a secret: it reaches no log and no Referer.
        await Notify.Person(tx, id.Value, "invitation", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["inviter"] = from?.DisplayName ?? "Guildhall", ["roles"] = string.Join(", ", invitation.Roles.Select(r => r.Replace('_', ' '))),
            ["days"] = invitation.Days.ToString(System.Globalization.CultureInfo.InvariantCulture), ["link"] = $"{identity.Options.Issuer}/invitation#{token}",
        }, uniqueKey: Convert.ToHexStringLower(Secret.Hash(token)));
    }
}
