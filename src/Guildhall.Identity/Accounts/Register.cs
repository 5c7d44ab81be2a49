using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Passwords;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Accounts;

/// <summary>Someone wants an account. The answer is the same whether the address is known or not; what differs is the mail its owner gets:
/// a link and a code to confirm a new account, or a note that there is one already.</summary>
public static class Register
{
    /// <param name="Email">At most 254 characters; kept as given.</param>
    /// <param name="Password">15 to 256 characters, kept exactly.</param>
    /// <param name="DisplayName">1 to 60 characters.</param>
    /// <param name="Language"><c>en</c> or <c>ar</c>.</param>
    /// <param name="Zone">IANA name.</param>
    public sealed record Body(string Email, string Password, string DisplayName, string Language = "en", string Zone = "UTC");

    /// <param name="Next">Always <c>check_your_mail</c>.</param>
    public sealed record Answer(string Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/register", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, body, stop)).ToHttp(success: 202))
        .WithName(nameof(Register)).ForAnyone().Limited(RateClass.Auth).WithMetadata(new Sessions.BringsOwnSecret()).Produces<Answer>(202);

    /// <summary>The password is judged and hashed before the address is looked up: both ways take the same time.</summary>
    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        var wellFormed = EmailAddress.TryParse(body.Email, out var email);
        if (ProfileRules.Refuse(
            ("email", wellFormed ? null : "This is not an e-mail address we can write to."),
            ("password", PasswordRules.Objection(body.Password)),
            ("displayName", ProfileRules.NameObjection(body.DisplayName)),
            ("language", ProfileRules.LanguageObjection(body.Language)),
            ("zone", ProfileRules.ZoneObjection(body.Zone))) is { } refusal) return refusal;

        var name = ProfileRules.CleanName(body.DisplayName);
        if (await NewPassword.Objection(identity, "password", body.Password, KnownWords.Of(identity.Options, email.Key, name), PasswordRules.MinLength, stop) is { } objection) return objection;
        if (await ConfirmationMails.TooMany(identity, email.Key, stop) is { } limited) return limited;
        if (!(await NewPassword.Hash(identity, body.Password, stop)).Is(out var hash, out var busy)) return busy;

        var wanted = new Wanted(name, body.Language, body.Zone, hash);
        await identity.Database.InTransaction(tx => Write(tx, identity, caller, email, wanted), stop);
        return new Answer("check_your_mail");
    }

    private sealed record Known(AccountId Id, AccountState State);

    private static async Task Write(Transaction tx, IdentityParts identity, Caller caller, EmailAddress email, Wanted wanted)
    {
        var id = tx.NewId<AccountId>();
        var isNew = await tx.ChangeNow(Add, new { id, email = email.Text, key = email.Key, wanted.DisplayName, wanted.Language, wanted.Zone, wanted.PasswordHash, now = tx.Now }) == 1;
        if (isNew)
        {
            await tx.ChangeOne("insert into identity.account_roles (account_id, role, granted_at) values (@id, 'customer', @now)", new { id, now = tx.Now });
            await SendVerification.Run(tx, identity, id, email, wanted);
            await tx.Audit(caller, "account.registered", "account", id.ToString(), after: new { state = AccountState.Unverified },
                personal: (id.Value, new { email = email.Text, address = caller.Address?.ToString() }));
            return;
        }
        var known = await tx.Get<Known>("select id, state from identity.accounts where email_key = @key for update", new { key = email.Key });
        if (known.State is AccountState.Unverified) await SendVerification.Run(tx, identity, known.Id, email, wanted);
        else await Notify.Person(tx, known.Id.Value, "account_exists", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/sign-in" });
        await tx.Audit(caller, "account.registered_again", "account", known.Id.ToString(), personal: (known.Id.Value, new { address = caller.Address?.ToString() }));
    }

    private const string Add = """
        insert into identity.accounts (id, email, email_key, display_name, language, zone, password_hash, state, created_at, changed_at)
        values (@id, @email, @key, @DisplayName, @Language, @Zone, @PasswordHash, 'unverified', @now, @now)
        on conflict (email_key) do nothing
        """;
}
