using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Impersonation;
using Guildhall.Identity.Invitations;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Permissions;
using Guildhall.Identity.Privacy;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Identity;

/// <summary>What the deployment says about identity.</summary>
/// <param name="Product">Public address: issuer of tokens, base of links, and by its scheme which cookie is used.</param>
/// <param name="PlainHttpAllowed">Sandbox mode or Development: a cookie without https is possible, on this machine only.</param>
/// <param name="Master">Key that everything secret here is derived from or wrapped by.</param>
public sealed record IdentityOptions(Uri Product, bool PlainHttpAllowed, MasterKey Master)
{
    public string Issuer { get; } = Product.GetLeftPart(UriPartial.Authority);
    public string Audience { get; } = Product.GetLeftPart(UriPartial.Authority) + "/api";
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
        AddPeople(services);
        services.AddRecurring("rotate-signing-keys", TimeSpan.FromDays(1), tx => tx.Enqueue(new RotateSigningKeys(), uniqueKey: "one"));
        services.AddRecurring("forget-sessions", TimeSpan.FromMinutes(15), tx => tx.Enqueue(new ForgetSessions(), uniqueKey: "one"));
    }

    private static void AddPeople(IServiceCollection services)
    {
        services.AddPermissions(typeof(IdentityPermissions));
        services.AddSetting(ImpersonationSettings.TellThePerson);
        services.AddJob<TellOfImpersonation>(TellOfImpersonation.Run);
        services.AddSingleton(s => IdentityPersonalData.Part(s.GetRequiredService<PasswordHash>()));
        services.AddSingleton(s => JobKind.OnDatabase<EraseAccount>((tx, job) => EraseAccount.Run(tx, s.GetServices<PersonalData>(), job)));
        services.AddOutsideJob<BuildExport>(BuildExport.Run);
        services.AddJob<ForgetExports>(ForgetExports.Run);
        services.AddRecurring("forget-exports", TimeSpan.FromHours(1), tx => tx.Enqueue(new ForgetExports(), uniqueKey: "one"));
    }

    private static void MapPeople(IEndpointRouteBuilder api)
    {
        InviteSomebody.Map(api);
        ListInvitations.Map(api);
        ResendInvitation.Map(api);
        RevokeInvitation.Map(api);
        CheckInvitation.Map(api);
        AcceptInvitation.Map(api);
        ListPermissions.Map(api);
        ListRoles.Map(api);
        CreateRole.Map(api);
        SetRolePermissions.Map(api);
        DeleteRole.Map(api);
        ImpersonateAccount.Map(api);
        StopImpersonating.Map(api);
        AskForExport.Map(api);
        ListExports.Map(api);
        DownloadExport.Map(api);
        AskForErasure.Map(api);
        ReadErasure.Map(api);
        TakeBackErasure.Map(api);
        EraseOnRequest.Map(api);
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
        MapPeople(api);
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
