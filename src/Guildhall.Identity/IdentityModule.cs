using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Permissions;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Risk;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Guildhall.Identity;

/// <summary>What the deployment says about identity.</summary>
/// <param name="Product">Public address: issuer of tokens, base of links, and by its scheme which cookie is used.</param>
/// <param name="PlainHttpAllowed">Sandbox mode or Development: a cookie without https is possible, on this machine only.</param>
/// <param name="Master">Key that everything secret here is derived from or wrapped by.</param>
public sealed record IdentityOptions(Uri Product, bool PlainHttpAllowed, MasterKey Master)
{
    public string Issuer { get; } = Product.GetLeftPart(UriPartial.Authority);
    public string Audience { get; } = Product.GetLeftPart(UriPartial.Authority) + "/api";

    /// <summary>File that knows where addresses are; null without one.</summary>
    public string? GeoIpFile { get; init; }

    /// <summary>Files of networks with a bad name.</summary>
    public IReadOnlyList<string> IpLists { get; init; } = [];
}

/// <summary>What the use cases of this module work with; pages inject it and pass it on.</summary>
public sealed class IdentityParts
{
    internal IdentityParts(IServiceProvider services)
    {
        Database = services.GetRequiredService<Database>();
        Limits = services.GetRequiredService<RateLimits>();
        Quotas = services.GetRequiredService<Quotas>();
        Channel = services.GetRequiredService<NodeChannel>();
        Options = services.GetRequiredService<IdentityOptions>();
        Codes = new VerificationCodes(Options.Master);
        Passwords = services.GetRequiredService<PasswordHash>();
        Hashing = services.GetRequiredService<HashingThreads>();
        Tokens = services.GetRequiredService<AccessTokens>();
        Sessions = services.GetRequiredService<CheckSession>();
        Places = services.GetRequiredService<Places.Places>();
        PlaceOf = services.GetRequiredService<PlaceOf>();
        Lists = services.GetRequiredService<AddressLists>();
        Marks = new SignInMarks(Options.Master);
    }

    internal Database Database { get; }
    internal RateLimits Limits { get; }
    internal Quotas Quotas { get; }
    internal NodeChannel Channel { get; }
    internal IdentityOptions Options { get; }
    internal VerificationCodes Codes { get; }
    internal PasswordHash Passwords { get; }
    internal HashingThreads Hashing { get; }
    internal AccessTokens Tokens { get; }
    internal CheckSession Sessions { get; }
    internal Places.Places Places { get; }
    internal PlaceOf PlaceOf { get; }
    internal AddressLists Lists { get; }
    internal SignInMarks Marks { get; }
}

/// <summary>The doors of this module.</summary>
public static class IdentityModule
{
    public static void AddIdentity(this IServiceCollection services, IdentityOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(new SessionCookie(options));
        services.AddSingleton(new Places.Places(options.GeoIpFile));
        services.TryAddSingleton<PlaceOf>(s => s.GetRequiredService<Places.Places>().Of);
        services.AddSingleton(new AddressLists(options.IpLists));
        services.AddSetting(IdentitySettings.SignInRules);
        services.AddLimits(IdentityLimits.All);
        services.AddSingleton<HashingThreads>();
        services.AddSingleton(SeedAccounts.Passwords = new PasswordHash(options.Master));
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
        services.AddJob<ForgetFailures>(ForgetFailures.Run);
        services.AddRecurring("forget-sign-in-failures", TimeSpan.FromMinutes(10), tx => tx.Enqueue(new ForgetFailures(), uniqueKey: "one"));
        services.AddRecurring("rotate-signing-keys", TimeSpan.FromDays(1), tx => tx.Enqueue(new RotateSigningKeys(), uniqueKey: "one"));
        services.AddRecurring("forget-sessions", TimeSpan.FromMinutes(15), tx => tx.Enqueue(new ForgetSessions(), uniqueKey: "one"));
    }

    /// <summary>Maps the routes under the group <c>/api/v1</c>.</summary>
    public static void MapIdentity(this IEndpointRouteBuilder api)
    {
        Register.Map(api);
        VerifyEmail.Map(api);
        ResendVerification.Map(api);
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
        var admin = api.MapGroup("/admin");
        ListSignIns.Map(admin);
        ReplaySignIn.Map(admin);
        NetworkBlocks.Map(admin);
        AddressLists.Map(admin);
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
