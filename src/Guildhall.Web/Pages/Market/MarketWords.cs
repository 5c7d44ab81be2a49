using System.Globalization;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Providers;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Market;

/// <summary>The words of the catalogue.</summary>
internal static class MarketWords
{
    public static string Minutes(int minutes, string language) => (minutes / 60, minutes % 60, language) switch
    {
        (0, var m, "ar") => $"{m} دقيقة",
        (1, 0, "ar") => "ساعة واحدة",
        (2, 0, "ar") => "ساعتان",
        (var h, 0, "ar") => $"{h} ساعات",
        (var h, var m, "ar") => $"{h}:{m:00} ساعة",
        (0, var m, _) => $"{m} minutes",
        (1, 0, _) => "1 hour",
        (var h, 0, _) => $"{h} hours",
        (var h, var m, _) => $"{h} h {m} min",
    };

    public static Phrase Kind(ServiceKind kind) => kind switch
    {
        ServiceKind.Consultation => new("Consultation by chat", "استشارة عبر المحادثة"),
        ServiceKind.Visit => new("Home visit", "زيارة منزلية"),
    };

    public static Phrase Kind(ProviderKind kind) => kind switch
    {
        ProviderKind.Advisor => new("Adviser", "مستشار"),
        ProviderKind.Technician => new("Technician", "فنّي"),
    };

    /// <summary>Languages by their own names; a tag that is not known stands as it is.</summary>
    public static string Languages(IEnumerable<string> tags) => string.Join(", ", tags.Select(tag =>
    {
        try { return CultureInfo.GetCultureInfo(tag) is { IsNeutralCulture: true } known ? known.NativeName : tag; }
        catch (CultureNotFoundException) { return tag; }
    }));
}
