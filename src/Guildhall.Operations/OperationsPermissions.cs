using Guildhall.Foundation.Security;

namespace Guildhall.Operations;

/// <summary>What staff may be allowed to see and do about the running of the product.</summary>
public static class OperationsPermissions
{
    public static readonly Permission SettingsChange = new("settings.change", "See and change settings");
    public static readonly Permission AuditView = new("audit.view", "Search the audit trail and verify its chain");
    public static readonly Permission AuditPersonal = new("audit.personal", "Open the personal parts of audit entries");
    public static readonly Permission AuditExport = new("audit.export", "Export the audit trail as a table or as JSON");
    public static readonly Permission JobReplay = new("job.replay", "See jobs and replay dead ones");
    public static readonly Permission DashboardView = new("dashboard.view", "See the dashboard, and search for what one may see");
    public static readonly Permission WebhookManage = new("webhook.manage", "See, make and change webhook endpoints, and send messages again");
    public static readonly Permission HealthView = new("health.view", "See deep health, errors of integrations, and the API's description in production");
}
