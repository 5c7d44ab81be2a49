using System.Globalization;
using NodaTime;

namespace Guildhall.Web.Components;

/// <summary>Who reads the page and how: language, theme, time zone and, when signed in, the person. Cascaded to every component.</summary>
public sealed record Reader(string Language, string? Theme, DateTimeZone Zone, bool ZoneIsKnown, ReaderPerson? Person, DemoLinks? Demo)
{
    /// <summary>Names of the choices in cookie and address.</summary>
    internal const string LanguageName = "lang", ThemeName = "theme", ZoneName = "zone";

    /// <summary>Culture for dates; digits stay Latin and the calendar Gregorian in every language.</summary>
    public CultureInfo Culture { get; } = CultureInfo.GetCultureInfo(Language == "ar" ? "ar-KW" : "en-GB");

    /// <summary>Direction of the page's text.</summary>
    public string Direction => Language == "ar" ? "rtl" : "ltr";

    /// <summary>A choice made in the address (<c>?lang=ar</c>, <c>?theme=dark</c>) is remembered in a cookie for a year.</summary>
    internal static Reader Of(HttpContext http)
    {
        var person = http.Features.Get<ReaderPerson>();
        var chosen = Choice(http, LanguageName, "en", "ar");
        var language = Said(http.Request.Path) ?? chosen ?? person?.Language ?? (PrefersArabic(http) ? "ar" : "en");
        var theme = Choice(http, ThemeName, "light", "dark", "auto");
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(person?.Zone ?? Today(PageCookies.Read(http, ZoneName) ?? ""));
        return new(language, theme == "auto" ? null : theme, zone ?? DateTimeZone.Utc, zone is not null,
            person, http.RequestServices.GetService<DemoLinks>());
    }

    // Browsers still say some zones by their colonial or misspelt names.
    private static string Today(string zone) => zone switch
    {
        "Asia/Calcutta" => "Asia/Kolkata",
        "Asia/Katmandu" => "Asia/Kathmandu",
        "Asia/Saigon" => "Asia/Ho_Chi_Minh",
        "Asia/Rangoon" => "Asia/Yangon",
        "Europe/Kiev" => "Europe/Kyiv",
        "America/Buenos_Aires" => "America/Argentina/Buenos_Aires",
        _ => zone,
    };

    /// <summary>Keeps a choice in this browser for a year.</summary>
    internal static void Remember(HttpContext http, string name, string value) =>
        PageCookies.Keep(http, name, value, TimeSpan.FromDays(365));

    // An address that names its language is read in it, whoever reads.
    private static string? Said(PathString path) => path.StartsWithSegments("/ar", StringComparison.Ordinal) ? "ar" : path.StartsWithSegments("/en", StringComparison.Ordinal) ? "en" : null;

    private static bool PrefersArabic(HttpContext http) =>
        http.Request.Headers.AcceptLanguage.ToString().StartsWith("ar", StringComparison.OrdinalIgnoreCase);

    private static string? Choice(HttpContext http, string name, params string[] allowed)
    {
        var asked = http.Request.Query[name].ToString();
        if (allowed.Contains(asked))
        {
            if (!http.Response.HasStarted) Remember(http, name, asked);
            return asked;
        }
        var kept = PageCookies.Read(http, name);
        return allowed.Contains(kept) ? kept : null;
    }
}

/// <summary>The signed-in person as the page frame shows them; set as a feature of the request after the session check.
/// The language is what the browser did not choose otherwise; the zone is the account's own.</summary>
/// <param name="IsLookedAt">Staff look at the product as this person.</param>
public sealed record ReaderPerson(string Name, bool IsProvider, bool IsStaff, int UnreadMessages, string Seed, string? Language = null, string? Zone = null, bool IsLookedAt = false)
{
    /// <summary>When the session ends: unused, and at the latest.</summary>
    public ReaderSession? Session { get; init; }
}

/// <summary>Ends of the session that a page was shown in.</summary>
public sealed record ReaderSession(DateTimeOffset IdleAt, DateTimeOffset ExpiresAt);

/// <summary>Where the demo's sandbox is; registered in sandbox mode only, and then every page carries the demo strip.</summary>
public sealed record DemoLinks(string SandboxUrl);
