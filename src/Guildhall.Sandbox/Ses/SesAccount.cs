namespace Guildhall.Sandbox.Ses;

/// <summary>The one account there is, and where its topic is told once somebody has confirmed a subscription.</summary>
internal sealed record SesAccount(Uri? WebhookUrl = null)
{
    public const string KeyId = "AKIAGUILDHALLSANDBOX", Secret = "guildhall_sandbox_ses_secret", Region = "us-east-1", Topic = "arn:aws:sns:us-east-1:000000000000:guildhall-sandbox", ConfigurationSet = "guildhall";
}
