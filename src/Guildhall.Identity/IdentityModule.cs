using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Foundation;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Factors;
using Guildhall.Identity.Impersonation;
using Guildhall.Identity.Invitations;
using Guildhall.Identity.Passkeys;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Permissions;
using Guildhall.Identity.Phones;
using Guildhall.Identity.Privacy;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Risk;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Guildhall.Identity;

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
        services.AddSingleton(_ =>
        {
            var master = new MasterKeyWrap(options.Master);
            return new KeyMaker(options.TokenAlgorithm, options.KeyModule is { } module ? new Pkcs11KeyWrap(module) : master, master);
        });
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
        services.AddPhones(options);
        services.AddSingleton(s => Revocation.Reaction(s));
        services.AddReaction<SecondStepFailed>((tx, fact) => SafetyNotices.SecondStepFailed(tx, options, fact));
        services.AddSingleton(JobKind.OutsideOfIt<RotateSigningKeys>(RotateSigningKeys.Run));
        services.AddJob<ForgetSessions>(ForgetSessions.Run);
        services.AddSingleton(s => JobKind.OnDatabase<MailPasswordReset>((tx, job) => MailPasswordReset.Run(tx, s.GetRequiredService<IdentityParts>(), job)));
        services.AddJob<ForgetResets>(ForgetResets.Run);
        services.AddRecurring("forget-resets", TimeSpan.FromHours(1), tx => tx.Enqueue(new ForgetResets(), uniqueKey: "one"));
        services.AddSetting(PasswordSettings.Days);
        AddPeople(services);
        services.AddJob<ForgetFailures>(ForgetFailures.Run);
        services.AddRecurring("forget-sign-in-failures", TimeSpan.FromMinutes(10), tx => tx.Enqueue(new ForgetFailures(), uniqueKey: "one"));
        services.AddRecurring("rotate-signing-keys", TimeSpan.FromDays(1), tx => tx.Enqueue(new RotateSigningKeys(), uniqueKey: "one"));
        services.AddRecurring("forget-sessions", TimeSpan.FromMinutes(15), tx => tx.Enqueue(new ForgetSessions(), uniqueKey: "one"));
    }

    private static void AddPeople(IServiceCollection services)
    {
        services.AddPermissions(typeof(IdentityPermissions));
        services.AddSearch(FindAccounts.Part);
        OwnedThings.AddTo(services);
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
        AnswerByTotp.Map(api);
        AnswerByBackupCode.Map(api);
        SendEmailCode.Map(api);
        AnswerByEmailCode.Map(api);
        ListDevices.Map(api);
        ForgetDevice.Map(api);
        NotMe.Map(api);
        ReadFactors.Map(api);
        StartTotp.Map(api);
        ConfirmTotp.Map(api);
        RemoveTotp.Map(api);
        ReissueBackupCodes.Map(api);
        ResetFactors.Map(api);
        BeginPasskey.Map(api);
        AddPasskey.Map(api);
        ListPasskeys.Map(api);
        RenamePasskey.Map(api);
        RemovePasskey.Map(api);
        BeginPasskeySignIn.Map(api);
        SignInByPasskey.Map(api);
        BeginPasskeyAnswer.Map(api);
        AnswerByPasskey.Map(api);
        api.MapPhones();
        RefreshTokens.Map(api);
        RotateKeysNow.Map(api);
        SignOut.Map(api);
        Me.Map(api);
        ChangeMe.Map(api);
        ListSessions.Map(api);
        CurrentSession.Map(api);
        ReadSessionStats.Map(api);
        ExtendSession.Map(api);
        ListAllSessions.Map(api);
        ReadAllSessionStats.Map(api);
        EndAllSessionsOfAnother.Map(api);
        EndEverybodysSessions.Map(api);
        CleanUpSessions.Map(api);
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
        var admin = api.MapGroup("/admin");
        ListSignIns.Map(admin);
        ReplaySignIn.Map(admin);
        NetworkBlocks.Map(admin);
        AddressLists.Map(admin);
    }

    /// <summary>Maps <c>/.well-known/jwks.json</c>.</summary>
    public static void MapSigningKeys(this IEndpointRouteBuilder root) => Jwks.Map(root);

    /// <summary>Maps the developer's sign-in, in builds that have one.</summary>
    [System.Diagnostics.Conditional("DEBUG")]
    public static void MapDevSignIn(this IEndpointRouteBuilder root)
    {
#if DEBUG
        DevSignIn.Map(root);
#endif
    }

    /// <summary>Finds the caller of each request by bearer token, else by cookie. After routing, before the route rules.</summary>
    public static void UseSessions(this WebApplication app)
    {
        var door = new SessionDoor(app.Services);
        app.Use(door.Enter);
    }
}
