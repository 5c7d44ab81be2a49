namespace Guildhall.Sandbox.PayPal;

/// <summary>The one merchant there is, and where it is told.</summary>
internal sealed record PayPalAccount(string ClientId = "guildhall_sandbox_paypal", string Secret = "guildhall_sandbox_paypal_secret", string WebhookId = "WHGUILDHALLSANDBOX", Uri? WebhookUrl = null)
{
    /// <summary>What the token endpoint gives out; it does not end.</summary>
    public string Token => "A21AA" + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{ClientId}:{Secret}")));
}
