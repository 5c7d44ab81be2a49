using System.Globalization;

namespace Guildhall.Identity.Sessions;

/// <summary>What somebody signs in with.</summary>
public enum DeviceType { Phone, Tablet, Computer, Program, Unknown }

/// <summary>A device in the words of its owner: "Chrome 126" and "Android 14", either of which may be unknown.</summary>
public sealed record Device(DeviceType Type, string? Browser, string? System)
{
    public override string ToString() => (Browser, System) switch { (null, null) => "Unknown device", (null, _) => System, (_, null) => Browser, _ => $"{Browser} on {System}" };
}

/// <summary>Reads what a browser says about itself. It is what the browser claims: good for recognising one's own device, never for deciding. Plain searches in
/// at most <see cref="MaxLength"/> characters, so that no text takes long.</summary>
internal static class Devices
{
    private const int MaxLength = 400, MaxVersionDigits = 4;

    // The first mark that is found names it: browsers built on others name those too, so the special ones come first.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("EdgiOS/", "Edge"), ("EdgA/", "Edge"), ("Edg/", "Edge"), ("OPiOS/", "Opera"), ("OPT/", "Opera"), ("OPX/", "Opera"), ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"), ("YaBrowser/", "Yandex Browser"), ("HuaweiBrowser/", "Huawei Browser"),
        ("MiuiBrowser/", "Mi Browser"), ("UCBrowser/", "UC Browser"), ("DuckDuckGo/", "DuckDuckGo"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"),
        ("GSA/", "Google app"), ("HeadlessChrome/", "Chrome without a window"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"),
    ];

    private static readonly (string Mark, string Name)[] Programs =
    [
        ("Guildhall/", "Guildhall app"), ("curl/", "curl"), ("Wget/", "Wget"), ("okhttp/", "okhttp"), ("python-requests/", "Python"), ("python-httpx/", "Python"), ("aiohttp/", "Python"),
        ("Python-urllib/", "Python"), ("Go-http-client/", "Go program"), ("axios/", "axios"), ("node-fetch/", "Node.js"), ("undici", "Node.js"), ("PostmanRuntime/", "Postman"), ("insomnia/", "Insomnia"),
        ("HTTPie/", "HTTPie"), ("Apache-HttpClient/", "Java program"), ("Java/", "Java program"), ("Java-http-client/", "Java program"), ("Dart/", "Dart program"),
        ("CFNetwork/", "Apple program"), ("libwww-perl/", "Perl"), ("GuzzleHttp/", "PHP program"), ("k6/", "k6"), ("Faraday", "Ruby program"),
    ];

    private static readonly (string Mark, string Name)[] Robots =
    [
        ("Googlebot", "Googlebot"), ("bingbot", "Bingbot"), ("DuckDuckBot", "DuckDuckBot"), ("YandexBot", "YandexBot"), ("Applebot", "Applebot"), ("GPTBot", "GPTBot"), ("ClaudeBot", "ClaudeBot"),
        ("facebookexternalhit", "Facebook"), ("Slackbot", "Slackbot"), ("Twitterbot", "Twitterbot"), ("UptimeRobot", "UptimeRobot"),
    ];

    /// <summary>In one line, for a mail.</summary>
    public static string Describe(string? agent) => Read(agent).ToString();

    public static Device Read(string? agent)
    {
        if (string.IsNullOrWhiteSpace(agent)) return new Device(DeviceType.Unknown, null, null);
        var text = agent.Length > MaxLength ? agent[..MaxLength] : agent;
        if (FirstOf(Robots, text) is { } robot) return new Device(DeviceType.Program, robot.Name, null);
        var (system, type) = SystemOf(text);
        if (Browser(text) is { } browser) return new Device(type, browser, system);
        if (FirstOf(Programs, text) is { } program) return new Device(DeviceType.Program, Versioned(text, program), null);
        if (Says(text, "bot") || Says(text, "crawler") || Says(text, "spider")) return new Device(DeviceType.Program, "A robot", null);
        return system is not null ? new Device(type, null, system) : new Device(DeviceType.Unknown, null, null);
    }

    private static string? Browser(string text)
    {
        // Every browser says Mozilla/5.0; a program that only mentions one does not.
        if (!text.StartsWith("Mozilla/", StringComparison.Ordinal) && !text.StartsWith("Opera/", StringComparison.Ordinal)) return null;
        if (FirstOf(Browsers, text) is { } known) return Versioned(text, known);
        if (Has(text, "Safari/") && Has(text, "Version/")) return Has(text, "Android") ? "Android browser" : Versioned(text, ("Version/", "Safari"));
        return Has(text, "AppleWebKit/") && (Has(text, "iPhone") || Has(text, "iPad")) ? "App on iOS" : null;
    }

    private static (string? Name, DeviceType Type) SystemOf(string text)
    {
        if (Has(text, "iPad")) return (Apple("iPad", text), DeviceType.Tablet);
        if (Has(text, "iPhone") || Has(text, "iPod")) return (Apple("iPhone", text), DeviceType.Phone);
        if (Has(text, "Android")) return (Android(text), Has(text, "Mobile") ? DeviceType.Phone : DeviceType.Tablet);
        if (Has(text, "HarmonyOS") || Has(text, "OpenHarmony")) return ("HarmonyOS", Has(text, "Mobile") || Has(text, "Phone") ? DeviceType.Phone : DeviceType.Tablet);
        if (Has(text, "Windows NT 6.1")) return ("Windows 7", DeviceType.Computer);
        if (Has(text, "Windows NT 6.2") || Has(text, "Windows NT 6.3")) return ("Windows 8", DeviceType.Computer);
        if (Has(text, "Windows")) return ("Windows", DeviceType.Computer); // 10 and 11 say the same of themselves
        if (Has(text, "CrOS")) return ("ChromeOS", DeviceType.Computer);
        if (Has(text, "Macintosh") || Has(text, "Mac OS X")) return ("macOS", DeviceType.Computer); // its version has stood still since 10.15; iPads may say so too
        return Has(text, "Linux") || Has(text, "X11") ? ("Linux", DeviceType.Computer) : (null, DeviceType.Unknown);
    }

    // "CPU iPhone OS 17_5 like Mac OS X". From 26 on the number stands still and says less than none.
    private static string Apple(string name, string text) => Number(text, " OS ") is { } version and < 18 ? $"{name} (iOS {Text(version)})" : name;

    // "Android 14;" Browsers that hide the model ("; K)") say 10 whatever it is.
    private static string Android(string text) => !Has(text, "Android 10; K)") && Number(text, "Android ") is { } version ? $"Android {Text(version)}" : "Android";

    private static string Versioned(string text, (string Mark, string Name) known) => Number(text, known.Mark) is { } version ? $"{known.Name} {Text(version)}" : known.Name;

    private static int? Number(string text, string after)
    {
        var at = text.IndexOf(after, StringComparison.Ordinal);
        if (at < 0) return null;
        var rest = text.AsSpan(at + after.Length);
        var digits = rest.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? rest[..end] : rest;
        return digits.Length is > 0 and <= MaxVersionDigits ? int.Parse(digits, CultureInfo.InvariantCulture) : null;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static (string Mark, string Name)? FirstOf((string Mark, string Name)[] known, string text)
    {
        foreach (var one in known)
            if (Has(text, one.Mark)) return one;
        return null;
    }

    private static bool Has(string text, string mark) => text.Contains(mark, StringComparison.Ordinal);

    private static bool Says(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
