namespace Guildhall.Sandbox.SendGrid;

/// <summary>The one account there is, and where its events are told.</summary>
internal sealed record SendGridAccount(string Key = "SG.guildhall_sandbox", Uri? WebhookUrl = null);
