using Guildhall.Foundation.Security;

namespace Guildhall.Content;

/// <summary>What staff may be allowed to do with what the site says.</summary>
public static class ContentPermissions
{
    public static readonly Permission View = new("content.view", "See drafts, versions and schedules of what the site says");
    public static readonly Permission Edit = new("content.edit", "Write and restore what the site says, and hand out previews");
    public static readonly Permission Publish = new("content.publish", "Publish, withdraw and schedule what the site says");
}
