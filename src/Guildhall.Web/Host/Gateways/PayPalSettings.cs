using Guildhall.Money.Gateways.PayPal;

namespace Guildhall.Web.Host.Gateways;

/// <summary>What the operator says in <c>GUILDHALL_PAYPAL_…</c>; without any of it there is no PayPal.</summary>
internal static class PayPalSettings
{
    public static PayPalOptions? Read(Func<string, string?> text, bool sandbox, List<string> wrong)
    {
        var (client, secret, webhooks, where) = (text("PAYPAL_CLIENT_ID"), text("PAYPAL_SECRET"), text("PAYPAL_WEBHOOK_ID"), text("PAYPAL_API"));
        if (client is null && secret is null && webhooks is null && where is null) return null;
        string[] ids = (webhooks ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var before = wrong.Count;
        if (client is null || secret is null || ids.Length == 0)
            wrong.Add("GUILDHALL_PAYPAL_CLIENT_ID, GUILDHALL_PAYPAL_SECRET and GUILDHALL_PAYPAL_WEBHOOK_ID belong together: set all three or none.");
        if (!sandbox && (client is "guildhall_sandbox_paypal" || secret is "guildhall_sandbox_paypal_secret")) wrong.Add("GUILDHALL_PAYPAL_CLIENT_ID or GUILDHALL_PAYPAL_SECRET is the sandbox's. Put your own.");
        if (!sandbox && ids.Any(id => id is "WEBHOOK_ID" or "WHGUILDHALLSANDBOX"))
            wrong.Add("GUILDHALL_PAYPAL_WEBHOOK_ID is that of a simulator, whose messages anybody can have. Put your own webhook's.");
        if (!Uri.TryCreate(where ?? PayPalOptions.LiveApi.AbsoluteUri, UriKind.Absolute, out var api)) wrong.Add("GUILDHALL_PAYPAL_API must be an absolute address.");
        else if (api.Scheme != "https" && !(sandbox && api.IsLoopback)) wrong.Add("GUILDHALL_PAYPAL_API must be https; plain http is only for the sandbox on this machine.");
        if (text("PAYPAL_PAYOUTS") is not (null or "true" or "false")) wrong.Add("GUILDHALL_PAYPAL_PAYOUTS is true or false.");
        if (wrong.Count > before || !Uri.TryCreate(text("URL") ?? (sandbox ? "http://localhost:5080" : null), UriKind.Absolute, out var url)) return null;
        return new PayPalOptions(api!, client!, secret!, ids, url) { Pages = PagesOf(api!), Payouts = text("PAYPAL_PAYOUTS") is "true" };
    }

    // PayPal's pages are on www where its API is on api-m; the program that stands in for it has both in one place.
    private static Uri PagesOf(Uri api) => api.Host.EndsWith(".paypal.com", StringComparison.Ordinal) ? new Uri($"https://www.{api.Host[(api.Host.IndexOf('.', StringComparison.Ordinal) + 1)..]}") : api;
}
