using Guildhall.Foundation.Security;

namespace Guildhall.Messaging;

/// <summary>What staff may be allowed to see and do about messages.</summary>
public static class MessagingPermissions
{
    public static readonly Permission DeliveryView = new("delivery.view", "See what became of messages, and why");
    public static readonly Permission DeliveryRetry = new("delivery.retry", "Send messages again that surely nobody took");
    public static readonly Permission TemplateEdit = new("template.edit", "Change what messages say");
    public static readonly Permission SuppressionView = new("suppression.view", "See the addresses that nothing is sent to");
    public static readonly Permission SuppressionLift = new("suppression.lift", "Take an address off that list");
}
