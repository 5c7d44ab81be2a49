namespace Guildhall.Identity.Sessions;

/// <summary>A browser's own description in three words. It is what the browser claims, good for recognising one's own device, not for deciding.</summary>
internal static class Devices
{
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    public static string Describe(string? agent)
    {
        if (string.IsNullOrEmpty(agent)) return "Unknown device";
        var (browser, system) = (First(Browsers, agent), First(Systems, agent));
        return (browser, system) switch { (null, null) => "Unknown device", (null, _) => system!, (_, null) => browser, _ => $"{browser} on {system}" };
    }

    private static string? First((string Mark, string Name)[] known, string agent) =>
        known.FirstOrDefault(k => agent.Contains(k.Mark, StringComparison.Ordinal)).Name;
}
