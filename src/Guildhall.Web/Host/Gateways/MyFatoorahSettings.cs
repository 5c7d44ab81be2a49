using Guildhall.Foundation;
using Guildhall.Money.Gateways.MyFatoorah;

namespace Guildhall.Web.Host.Gateways;

/// <summary><c>GUILDHALL_MYFATOORAH_…</c>: none of it, and MyFatoorah is not there; or all that is needed.</summary>
internal static class MyFatoorahSettings
{
    private const string SandboxToken = "guildhall_sandbox_myfatoorah_token", SandboxSecret = "guildhall_sandbox_myfatoorah_secret";
    private static readonly string[] Names = ["API", "PAGES", "TOKEN", "WEBHOOK_SECRET", "CURRENCY", "LANGUAGE"];

    public static MyFatoorahOptions? Read(IConfiguration config, bool sandbox, Uri? returnTo, List<string> wrong)
    {
        string? Text(string name) => config["GUILDHALL_MYFATOORAH_" + name] is { Length: > 0 } value ? value.Trim() : null;
        if (Names.All(name => Text(name) is null)) return null;
        var (token, secrets) = (Text("TOKEN"), (Text("WEBHOOK_SECRET") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        if (token is null || secrets.Length == 0)
        {
            wrong.Add("GUILDHALL_MYFATOORAH_TOKEN and GUILDHALL_MYFATOORAH_WEBHOOK_SECRET belong together: set both, or nothing of MyFatoorah.");
            return null;
        }
        var before = wrong.Count;
        if (!sandbox && (token is SandboxToken || secrets.Contains(SandboxSecret, StringComparer.Ordinal))) wrong.Add("GUILDHALL_MYFATOORAH_TOKEN or GUILDHALL_MYFATOORAH_WEBHOOK_SECRET is the sandbox's. Put your own.");
        if (token.Any(c => c is <= ' ' or > '~')) wrong.Add("GUILDHALL_MYFATOORAH_TOKEN is one line of letters, digits and signs.");
        var api = Address("API", "https://api.myfatoorah.com");
        var pages = Address("PAGES", PagesOf(api));
        if (!Currency.TryParse(Text("CURRENCY") ?? CurrencyOf(api), out var currency)) wrong.Add("GUILDHALL_MYFATOORAH_CURRENCY is the base currency of the account, such as KWD.");
        if (Text("LANGUAGE") is not (null or "EN" or "AR")) wrong.Add("GUILDHALL_MYFATOORAH_LANGUAGE is EN or AR.");
        return wrong.Count > before || api is null || pages is null || returnTo is null ? null
            : new MyFatoorahOptions(api, pages, token, secrets, currency, returnTo) { Language = Text("LANGUAGE") ?? "EN" };

        Uri? Address(string name, string otherwise)
        {
            if (Uri.TryCreate(Text(name) ?? otherwise, UriKind.Absolute, out var address) && (address.Scheme == "https" || sandbox && address is { Scheme: "http", IsLoopback: true })) return address;
            wrong.Add($"GUILDHALL_MYFATOORAH_{name} must be https; plain http is only for the sandbox on this machine.");
            return null;
        }
    }

    // A token works on the host of its account's country only.
    private static string CurrencyOf(Uri? api) => api?.Host switch
    {
        "api-sa.myfatoorah.com" => "SAR", "api-ae.myfatoorah.com" => "AED", "api-qa.myfatoorah.com" => "QAR", "api-eg.myfatoorah.com" => "EGP", _ => "KWD",
    };

    private static string PagesOf(Uri? api) => api?.Host switch
    {
        null => "https://portal.myfatoorah.com",
        "apitest.myfatoorah.com" => "https://demo.myfatoorah.com",
        "api.myfatoorah.com" => "https://portal.myfatoorah.com",
        ['a', 'p', 'i', '-', .. var country] when country.EndsWith(".myfatoorah.com", StringComparison.Ordinal) => $"https://{country}",
        _ => api!.GetLeftPart(UriPartial.Authority),
    };
}
