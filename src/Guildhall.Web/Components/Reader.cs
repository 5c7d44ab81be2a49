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
        var language = Choice(http, LanguageName, "en", "ar") ?? (PrefersArabic(http) ? "ar" : "en");
        var theme = Choice(http, ThemeName, "light", "dark", "auto");
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(http.Request.Cookies[ZoneName] ?? "");
        return new(language, theme == "auto" ? null : theme, zone ?? DateTimeZone.Utc, zone is not null,
            http.Features.Get<ReaderPerson>(), http.RequestServices.GetService<DemoLinks>());
    }

    private static bool PrefersArabic(HttpContext http) =>
        http.Request.Headers.AcceptLanguage.ToString().StartsWith("ar", StringComparison.OrdinalIgnoreCase);

    private static string? Choice(HttpContext http, string name, params string[] allowed)
    {
        var asked = http.Request.Query[name].ToString();
        if (allowed.Contains(asked))
        {
            if (!http.Response.HasStarted)
                http.Response.Cookies.Append(name, asked,
                    new() { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true });
            return asked;
        }
        var kept = http.Request.Cookies[name];
        return allowed.Contains(kept) ? kept : null;
    }
}

/// <summary>The signed-in person as the page frame shows them; set as a feature of the request by the session check.</summary>
public sealed record ReaderPerson(string Name, bool IsProvider, bool IsStaff, int UnreadMessages, string Seed);

/// <summary>Where the demo's sandbox is; registered in sandbox mode only, and then every page carries the demo strip.</summary>
public sealed record DemoLinks(string SandboxUrl);
