using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Permissions;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guildhall.Identity;

/// <summary>What the deployment says about identity.</summary>
/// <param name="Product">Public address: issuer of tokens, base of links, and by its scheme which cookie is used.</param>
/// <param name="PlainHttpAllowed">Sandbox mode or Development: a cookie without https is possible, on this machine only.</param>
/// <param name="Master">Key that everything secret here is derived from or wrapped by.</param>
public sealed record IdentityOptions(Uri Product, bool PlainHttpAllowed, MasterKey Master)
{
    public string Issuer { get; } = Product.GetLeftPart(UriPartial.Authority);
    public string Audience { get; } = Product.GetLeftPart(UriPartial.Authority) + "/api";

    /// <summary>How new passwords are hashed.</summary>
    public HashRecipe Hash { get; init; } = HashRecipe.Default;

    /// <summary>Range service that knows breached passwords; null: only the list in the program.</summary>
    public Uri? PwnedApi { get; init; }
}

/// <summary>What the use cases of this module work with; pages inject it and pass it on.</summary>
public sealed class IdentityParts
{
    internal IdentityParts(IServiceProvider services)
    {
        Database = services.GetRequiredService<Database>();
        Limits = services.GetRequiredService<RateLimits>();
        Channel = services.GetRequiredService<NodeChannel>();
        Options = services.GetRequiredService<IdentityOptions>();
        Codes = new VerificationCodes(Options.Master);
        Passwords = services.GetRequiredService<PasswordHash>();
        Hashing = services.GetRequiredService<HashingThreads>();
        Breached = services.GetRequiredService<BreachedPasswords>();
        Tokens = services.GetRequiredService<AccessTokens>();
        Sessions = services.GetRequiredService<CheckSession>();
    }

    internal Database Database { get; }
    internal RateLimits Limits { get; }
    internal NodeChannel Channel { get; }
    internal IdentityOptions Options { get; }
    internal VerificationCodes Codes { get; }
    internal PasswordHash Passwords { get; }
    internal HashingThreads Hashing { get; }
    internal BreachedPasswords Breached { get; }
    internal HashingThreads Measuring { get; } = new(1);
    internal AccessTokens Tokens { get; }
    internal CheckSession Sessions { get; }
}

/// <summary>The doors of this module.</summary>
public static class IdentityModule
{
    public static void AddIdentity(this IServiceCollection services, IdentityOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(new SessionCookie(options));
        services.AddSingleton<HashingThreads>();
        services.AddSingleton(SeedAccounts.Passwords = new PasswordHash(options.Master, options.Hash));
        services.AddSingleton(s => new BreachedPasswords(options.PwnedApi is null ? null : BreachedPasswords.Client(), options.PwnedApi, s.GetRequiredService<ILogger<BreachedPasswords>>()));
        services.AddSingleton<SigningKeys>();
        services.AddHostedService(s => s.GetRequiredService<SigningKeys>());
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<LastActive>();
        services.AddHostedService(s => s.GetRequiredService<LastActive>());
        services.AddSingleton<CheckSession>();
        services.AddSingleton(s => new StreamGuard(s.GetRequiredService<CheckSession>().IsStillSignedIn));
        services.AddSingleton(s => new IdentityParts(s));
        services.AddSingleton(s => Revocation.Reaction(s));
        services.AddSingleton(JobKind.OnDatabase<RotateSigningKeys>((tx, _) => SigningKeys.Rotate(tx, options.Master)));
        services.AddJob<ForgetSessions>(ForgetSessions.Run);
        services.AddSingleton(s => JobKind.OnDatabase<MailPasswordReset>((tx, job) => MailPasswordReset.Run(tx, s.GetRequiredService<IdentityParts>(), job)));
        services.AddJob<ForgetResets>(ForgetResets.Run);
        services.AddRecurring("forget-resets", TimeSpan.FromHours(1), tx => tx.Enqueue(new ForgetResets(), uniqueKey: "one"));
        services.AddSetting(PasswordSettings.Days);
        services.AddRecurring("rotate-signing-keys", TimeSpan.FromDays(1), tx => tx.Enqueue(new RotateSigningKeys(), uniqueKey: "one"));
        services.AddRecurring("forget-sessions", TimeSpan.FromMinutes(15), tx => tx.Enqueue(new ForgetSessions(), uniqueKey: "one"));
    }

    /// <summary>Maps the routes under the group <c>/api/v1</c>.</summary>
    public static void MapIdentity(this IEndpointRouteBuilder api)
    {
        Register.Map(api);
        VerifyEmail.Map(api);
        ResendVerification.Map(api);
        RequestPasswordReset.Map(api);
        CheckPasswordReset.Map(api);
        CompletePasswordReset.Map(api);
        SendPasswordReset.Map(api);
        ChangePassword.Map(api);
        MeasurePassword.Map(api);
        ChangeEmail.Map(api);
        ConfirmEmailChange.Map(api);
        SignIn.Map(api);
        StepUp.Map(api);
        RefreshTokens.Map(api);
        SignOut.Map(api);
        Me.Map(api);
        ChangeMe.Map(api);
        ListSessions.Map(api);
        EndSession.Map(api);
        EndOtherSessions.Map(api);
        EndAllSessions.Map(api);
        ListAccounts.Map(api);
        ReadAccount.Map(api);
        SuspendAccount.Map(api);
        ReactivateAccount.Map(api);
        ChangeRoles.Map(api);
        EndSessionOfAnother.Map(api);
    }

    /// <summary>Maps <c>/.well-known/jwks.json</c>.</summary>
    public static void MapSigningKeys(this IEndpointRouteBuilder root) => Jwks.Map(root);

    /// <summary>Finds the caller of each request by bearer token, else by cookie. After routing, before the route rules.</summary>
    public static void UseSessions(this WebApplication app)
    {
        var door = new SessionDoor(app.Services);
        app.Use(door.Enter);
    }
}
