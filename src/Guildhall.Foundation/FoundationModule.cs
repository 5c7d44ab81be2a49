using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Facts;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Foundation.Telemetry;
using Guildhall.Foundation.Time;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Foundation;

/// <summary>What the deployment says about the node itself.</summary>
/// <param name="Database">Connection string of the app's role.</param>
/// <param name="Node">Name of this node, unique in the cluster.</param>
/// <param name="Sandbox">Sandbox mode: the clock can be moved.</param>
/// <param name="RunsJobs">Whether this node runs jobs.</param>
/// <param name="RateFactor">Multiplies rate limits, for load drills in sandbox mode; 1 otherwise.</param>
public sealed record FoundationOptions(string Database, string Node, bool Sandbox, bool RunsJobs, MasterKey MasterKey, int RateFactor = 1);

/// <summary>The doors of this module.</summary>
public static class FoundationModule
{
    public static void AddFoundation(this IServiceCollection services, FoundationOptions options)
    {
        PersonKeys.Master = options.MasterKey;
        services.AddSingleton(options.MasterKey);
        services.AddSingleton(new NodeName(options.Node));
        services.AddSingleton(Database.Open(options.Database, options.Node));
        services.AddMetrics();
        services.AddSingleton<NodeMeter>();
        services.AddSingleton<JobMeter>();
        services.AddSingleton<GuildhallClock>();
        services.AddSingleton<TimeProvider>(s => s.GetRequiredService<GuildhallClock>());
        services.AddSingleton<FactBook>();
        services.AddSingleton<JobBook>();
        services.AddSingleton<SettingBook>();
        services.AddSingleton<PermissionBook>();
        services.AddSingleton<StreamHints>();
        services.AddSingleton<Database>();
        services.AddSingleton<Idempotency>();
        services.AddSingleton<DeniedAttempts>();
        services.AddSingleton<ForeignReferences>();
        services.AddSingleton(s => new RateLimits(s.GetRequiredService<Database>()) { Factor = options.RateFactor });
        services.AddSingleton<Quotas>();
        services.AddSetting(Quotas.ApiCallsPerDay);
        services.AddLimits(ProductLimits.OfFoundation());
        services.AddSingleton<NodeChannel>();
        services.AddSingleton<ClockAgreement>();
        services.AddHostedService(s => s.GetRequiredService<ClockAgreement>());
        services.AddHostedService(s => s.GetRequiredService<NodeChannel>());
        services.AddSingleton<StreamPresence>();
        services.AddHostedService(s => s.GetRequiredService<StreamPresence>());
        services.AddHostedService<HomeWatch>();
        services.AddSingleton<StreamHub>();
        services.AddHostedService(s => s.GetRequiredService<StreamHub>());
        if (options.Sandbox) services.AddHostedService<SandboxClock>();
        if (options.RunsJobs) services.AddHostedService<JobWorker>();
        services.AddRecurring("seal-audit", TimeSpan.FromSeconds(5), tx => tx.Enqueue(new SealAudit(), uniqueKey: "one"));
        services.AddRecurring("forget-expired", TimeSpan.FromMinutes(10), tx => tx.Enqueue(new ForgetExpired(), uniqueKey: "one"));
        services.AddJob<SealAudit>(async (tx, _) => { if (await AuditSealer.Seal(tx) > 0) await tx.Enqueue(new SealAudit(), uniqueKey: "next"); });
        services.AddJob<ForgetExpired>(ForgetExpired.Run);
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true); // so that what cannot be bound becomes a problem document
        services.ConfigureHttpJsonOptions(json => JsonRules.Apply(json.SerializerOptions));
    }

    /// <summary>A reaction to a fact, in the publisher's transaction.</summary>
    public static void AddReaction<TFact>(this IServiceCollection services, Func<Transaction, TFact, Task> react) where TFact : IFact =>
        services.AddSingleton(new Reaction(typeof(TFact), react));

    /// <summary>A job that only writes to the database: it completes in the same transaction as its work.</summary>
    public static void AddJob<TJob>(this IServiceCollection services, Func<Transaction, TJob, Task> run) where TJob : IJob =>
        services.AddSingleton(JobKind.OnDatabase(run));

    /// <summary>A job that leaves the process.</summary>
    public static void AddOutsideJob<TJob>(this IServiceCollection services, Func<JobContext, TJob, Task> run, int maxAttempts = 12) where TJob : IJob =>
        services.AddSingleton(JobKind.OutsideOfIt(run, maxAttempts));

    public static void AddRecurring(this IServiceCollection services, string name, TimeSpan every, Func<Transaction, Task> enqueue) =>
        services.AddSingleton(new Recurring(name, every, enqueue));

    /// <summary>Something browsers can follow at <c>/events</c>.</summary>
    public static void AddStreamTopic(this IServiceCollection services, StreamTopic topic) => services.AddSingleton(topic);

    /// <summary>The same for a topic that tells who follows it.</summary>
    public static void AddStreamTopic(this IServiceCollection services, Func<StreamPresence, StreamTopic> topic) => services.AddSingleton(s => topic(s.GetRequiredService<StreamPresence>()));

    public static void AddSetting(this IServiceCollection services, Setting setting) => services.AddSingleton(setting);

    /// <summary>Puts a module's list of permissions into the catalogue.</summary>
    public static void AddPermissions(this IServiceCollection services, Type list) => services.AddSingleton(PermissionList.Of(list));

    /// <summary>Says what a module does about the data it holds about people.</summary>
    public static void AddPersonalData(this IServiceCollection services, PersonalData data) => services.AddSingleton(data);

    /// <summary>Lets staff find a module's things.</summary>
    public static void AddSearch(this IServiceCollection services, SearchPart part) => services.AddSingleton(part);

    /// <summary>Says whose a module's things are, so that trying another person's is noticed.</summary>
    public static void AddOwned(this IServiceCollection services, OwnedThing thing) => services.AddSingleton(thing);
}

/// <summary>Seals new audit entries into the chain.</summary>
internal sealed record SealAudit : IJob
{
    public static string Kind => "seal_audit";
}

/// <summary>Forgets what is past its time: limiter rows, and the answers of idempotency keys. A key itself is kept with its operation, so that its late
/// repeat finds what it had made.</summary>
internal sealed record ForgetExpired : IJob
{
    public static string Kind => "forget_expired";

    public static async Task Run(Transaction tx, ForgetExpired _)
    {
        var real = TimeProvider.System.GetUtcNow();
        await tx.Change("""
            update foundation.idempotency set state = 'started', status = null, response = null, lease_until = expires_at, expires_at = 'infinity'
            where ctid = any (array(select ctid from foundation.idempotency where expires_at < @real limit 5000))
            """, new { real });
        await tx.Change("delete from foundation.rate_hits where ctid = any (array(select ctid from foundation.rate_hits where expires_at < @real limit 5000))", new { real });
        await tx.Change("delete from foundation.rate_windows where ctid = any (array(select ctid from foundation.rate_windows where expires_at < @real limit 5000))", new { real });
    }
}
