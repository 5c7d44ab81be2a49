using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Settings;
using Guildhall.Operations.AuditLog;
using Guildhall.Operations.Dashboards;
using Guildhall.Operations.Errors;
using Guildhall.Operations.Health;
using Guildhall.Operations.Integrations;
using Guildhall.Operations.JobsAdmin;
using Guildhall.Operations.Metrics;
using Guildhall.Operations.SandboxTime;
using Guildhall.Operations.SavedFilters;
using Guildhall.Operations.Search;
using Guildhall.Operations.SettingsAdmin;
using Guildhall.Operations.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Guildhall.Operations;

/// <summary>What the deployment says about itself.</summary>
/// <param name="Sandbox">Sandbox mode: the clock can be moved and the API's description is public.</param>
/// <param name="SandboxUrl">Where the outside world of the sandbox is, to take its clock along.</param>
public sealed record OperationsOptions(bool Sandbox, Uri? SandboxUrl)
{
    /// <summary>Where errors are reported besides the log; null: nowhere.</summary>
    public SentryDsn? Errors { get; init; }
}

/// <summary>The doors of this module.</summary>
public static class OperationsModule
{
    public static void AddOperations(this IServiceCollection services, OperationsOptions options, WebhookOptions webhooks)
    {
        services.AddSingleton(options);
        services.AddPermissions(typeof(OperationsPermissions));
        services.AddPersonalData(OperationsPersonalData.Part);
        services.AddSearch(FindJobs.Part);
        services.AddSingleton(s => FindSettings.Part(s.GetRequiredService<SettingBook>()));
        services.AddSingleton<IntegrationStatus>();
        services.AddSingleton<IntegrationTests>();
        services.AddSingleton<DeepHealth>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<MetricBook>();
        services.AddSingleton<NodeGauges>();
        services.AddSingleton<SandboxClockDoor>();
        if (options.Errors is { } to)
        {
            services.AddSingleton(s => new ErrorReports(to, s.GetRequiredService<NodeName>().Value, s.GetRequiredService<TimeProvider>()));
            services.AddSingleton<ILoggerProvider>(s => s.GetRequiredService<ErrorReports>());
            services.AddHostedService(s => s.GetRequiredService<ErrorReports>());
        }
        AddWebhooks(services, webhooks);
    }

    private static void AddWebhooks(IServiceCollection services, WebhookOptions webhooks)
    {
        var bell = new WebhookBell();
        services.AddSingleton(bell);
        services.AddSingleton(webhooks);
        services.AddSingleton(new PublicConnect(webhooks.Allowed, webhooks.PlainHttp));
        services.AddSingleton<PostMessage>();
        if (webhooks.Sends) services.AddHostedService<WebhookSender>();
        services.AddSetting(ForgetWebhooks.KeptDays);
        services.AddJob<ForgetWebhooks>(ForgetWebhooks.Run);
        services.AddRecurring("forget-webhooks", ForgetWebhooks.Every, tx => tx.Enqueue(new ForgetWebhooks(), uniqueKey: "one"));
        RecordEvent.React(services, bell);
    }

    private static void MapWebhooks(IEndpointRouteBuilder admin)
    {
        var endpoints = admin.MapGroup("/webhook-endpoints");
        ListWebhookEndpoints.Map(admin, endpoints);
        CreateWebhookEndpoint.Map(endpoints);
        ChangeWebhookEndpoint.Map(endpoints);
        RemoveWebhookEndpoint.Map(endpoints);
        EnableWebhookEndpoint.Map(endpoints);
        DisableEndpoint.Map(endpoints);
        RotateWebhookSecret.Map(endpoints);
        TestWebhookEndpoint.Map(endpoints);
        ListWebhookDeliveries.Map(admin, endpoints);
        ReplayWebhooks.Map(endpoints);
    }

    /// <summary>Maps the API below <paramref name="api"/> (<c>/api/v1</c>).</summary>
    public static void MapOperations(this IEndpointRouteBuilder api)
    {
        var admin = api.MapGroup("/admin");
        ListSettings.Map(admin);
        ChangeSetting.Map(admin);
        SearchAudit.Map(admin);
        ExportAudit.Map(admin);
        VerifyAudit.Map(admin);
        ListJobs.Map(admin);
        ReplayJob.Map(admin);
        ReplayJobs.Map(admin);
        Dashboard.Map(admin);
        SearchEverything.Map(admin);
        var filters = admin.MapGroup("/saved-filters");
        ListSavedFilters.Map(filters);
        SaveFilter.Map(filters);
        ForgetFilter.Map(filters);
        ReadHealth.Map(admin);
        ListLimits.Map(admin);
        MapWebhooks(admin);
        ReadIntegrations.Map(api);
        TestIntegration.Map(api);
        if (api.ServiceProvider.GetRequiredService<OperationsOptions>().Sandbox) AdvanceClock.Map(api);
    }
}
