using System.Globalization;
using Guildhall.Money.Gateways.Knet;

namespace Guildhall.Web.Host.Gateways;

/// <summary><c>GUILDHALL_KNET_…</c>: none of it, and KNET is not there; or all that is needed.</summary>
internal static class KnetSettings
{
    private const string SandboxPassword = "knetsandbox", SandboxKey = "KnetSandboxKey16";

    public static KnetOptions? Read(IConfiguration config, bool sandbox, Uri? returnTo, List<string> wrong)
    {
        string? Text(string name) => config["GUILDHALL_KNET_" + name] is { Length: > 0 } value ? value.Trim() : null;
        var (id, password, key) = (Text("TRANPORTAL_ID"), Text("TRANPORTAL_PASSWORD"), Text("RESOURCE_KEY"));
        var names = new[] { "TRANPORTAL_ID", "TRANPORTAL_PASSWORD", "RESOURCE_KEY", "API", "PAGE", "REFUNDS", "LANGUAGE", "PAGE_MINUTES" };
        if (names.All(name => Text(name) is null)) return null;
        if (id is null || password is null || key is null)
        {
            wrong.Add("GUILDHALL_KNET_TRANPORTAL_ID, GUILDHALL_KNET_TRANPORTAL_PASSWORD and GUILDHALL_KNET_RESOURCE_KEY belong together: set all three, or nothing of KNET.");
            return null;
        }
        var before = wrong.Count;
        if (!KnetOptions.IsWritable(id) || !KnetOptions.IsWritable(password)) wrong.Add("GUILDHALL_KNET_TRANPORTAL_ID and GUILDHALL_KNET_TRANPORTAL_PASSWORD are letters, digits and signs but & % + and spaces.");
        if (!KnetOptions.IsKey(key)) wrong.Add("GUILDHALL_KNET_RESOURCE_KEY is the Terminal Resource Key of 16 characters.");
        if (!sandbox && (password == SandboxPassword || key == SandboxKey)) wrong.Add("GUILDHALL_KNET_TRANPORTAL_PASSWORD or GUILDHALL_KNET_RESOURCE_KEY is the sandbox's. Put your own.");
        var api = Address("API", "https://www.kpay.com.kw");
        var page = Address("PAGE", api?.AbsoluteUri ?? "https://www.kpay.com.kw");
        if (Text("LANGUAGE") is not (null or "EN" or "AR" or "USA")) wrong.Add("GUILDHALL_KNET_LANGUAGE is EN or AR (USA where the bank wants that for English).");
        if (Text("REFUNDS") is not (null or "on" or "off")) wrong.Add("GUILDHALL_KNET_REFUNDS is `on` or `off`.");
        if (!int.TryParse(Text("PAGE_MINUTES") ?? "20", NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) || minutes is < 5 or > 1440) wrong.Add("GUILDHALL_KNET_PAGE_MINUTES is 5 to 1440.");
        return wrong.Count > before || api is null || page is null || returnTo is null ? null
            : new KnetOptions(page, api, id, password, key, returnTo) { Refunds = Text("REFUNDS") is "on", Language = Text("LANGUAGE") ?? "EN", PageLasts = TimeSpan.FromMinutes(minutes) };

        Uri? Address(string name, string otherwise)
        {
            if (Uri.TryCreate(Text(name) ?? otherwise, UriKind.Absolute, out var address) && (address.Scheme == "https" || sandbox && address is { Scheme: "http", IsLoopback: true })) return address;
            wrong.Add($"GUILDHALL_KNET_{name} must be https; plain http is only for the sandbox on this machine.");
            return null;
        }
    }
}
