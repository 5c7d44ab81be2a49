using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Factors;

/// <summary>An authenticator app that waits for its first code.</summary>
/// <param name="Secret">To be typed where no camera is at hand: base32.</param>
/// <param name="Uri">What the QR code says.</param>
/// <param name="QrSvg">The QR code as an SVG document.</param>
/// <param name="ExpiresAt">Until when it can be confirmed.</param>
public sealed record TotpEnrolment(string Secret, string Uri, string QrSvg, DateTimeOffset ExpiresAt);

/// <summary>Begins to set up an authenticator app. Nothing asks for it before <see cref="ConfirmTotp"/>, and until then an app in use stays in use; beginning
/// again voids what was shown before.</summary>
public static class StartTotp
{
    /// <summary>How long what was shown can be confirmed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/totp", async (Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, stop)).ToHttp(success: 201))
        .WithName(nameof(StartTotp)).RequiresSignIn().RequiresStepUp().Limited(RateClass.Auth).WithMetadata(new OpenBeforeSecondFactor()).Produces<TotpEnrolment>(201);

    public static Task<Result<TotpEnrolment>> Run(IdentityParts identity, Caller caller, CancellationToken stop) => identity.Database.InTransaction<Result<TotpEnrolment>>(async tx =>
    {
        if (caller.AccountId is not { } id) return FoundationRefusals.SignInFirst;
        var (account, seed) = (new AccountId(id), Totp.NewSeed());
        await CompleteSignIn.Lock(tx, account);
        await tx.ChangeOne(Put, new { account, secret = Totp.Seal(identity.Options.Master, account, seed), now = tx.Now });
        await tx.Audit(caller, "factor.totp_started", "account", account.ToString());
        return await View(tx, identity, account, seed, tx.Now);
    }, stop);

    /// <summary>What was begun and can still be confirmed, for the page that shows it; null when there is nothing.</summary>
    public static Task<TotpEnrolment?> Pending(IdentityParts identity, Caller caller, CancellationToken stop) => identity.Database.InTransaction(async tx =>
    {
        var account = new AccountId(caller.AccountId!.Value);
        return await Waiting(tx, identity, account) is { } waiting ? await View(tx, identity, account, waiting.Seed, waiting.Since) : null;
    }, stop);

    /// <summary>The seed that waits for its first code.</summary>
    internal static async Task<(byte[] Seed, DateTimeOffset Since)?> Waiting(Transaction tx, IdentityParts identity, AccountId account) =>
        await tx.Find<Row>(FindWaiting, new { account, since = tx.Now - Lifetime }) is { } row ? (Totp.Open(identity.Options.Master, account, row.NextSecret), row.NextAt) : null;

    private static async Task<TotpEnrolment> View(Transaction tx, IdentityParts identity, AccountId account, byte[] seed, DateTimeOffset since)
    {
        var (email, secret) = (await tx.Get<string>("select email from identity.accounts where id = @account", new { account }), Totp.Text(seed));
        var uri = Totp.Uri(identity.Options.Product.Host is "localhost" ? "Guildhall" : identity.Options.Product.Host, email, secret);
        return new TotpEnrolment(secret, uri, QrSvg.Draw(uri), since + Lifetime);
    }

    private sealed record Row(byte[] NextSecret, DateTimeOffset NextAt);

    private const string Put = """
        insert into identity.totp (account_id, next_secret, next_at, created_at) values (@account, @secret, @now, @now)
        on conflict (account_id) do update set next_secret = excluded.next_secret, next_at = excluded.next_at
        """;

    private const string FindWaiting = "select next_secret, next_at from identity.totp where account_id = @account and next_at > @since";
}
