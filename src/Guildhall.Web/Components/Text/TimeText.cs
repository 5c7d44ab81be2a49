using NodaTime;

namespace Guildhall.Web.Components.Text;

/// <summary>Instants in words, in a zone, for a reader.</summary>
public static class TimeText
{
    /// <summary>E.g. <c>Tue 6 Jan 2026, 14:00</c>; the year is left out when it is the current one.</summary>
    public static string Exact(DateTimeOffset at, DateTimeZone zone, Reader reader, DateTimeOffset now, bool dateOnly = false)
    {
        var local = Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;
        var year = Instant.FromDateTimeOffset(now).InZone(zone).Year == local.Year ? "" : " yyyy";
        return local.ToString(dateOnly ? $"ddd d MMM{year}" : $"ddd d MMM{year}'{(reader.Language == "ar" ? "،" : ",")}' HH:mm", reader.Culture);
    }

    /// <summary>E.g. <c>5 minutes ago</c>; the script says the same and keeps it fresh. Null beyond two weeks: then the date is clearer.</summary>
    public static string? Relative(DateTimeOffset at, DateTimeOffset now, string language)
    {
        var seconds = (long)(at - now).TotalSeconds;
        var (past, size) = (seconds <= 0, Math.Abs(seconds));
        if (size > 14 * 86400) return null;
        var (count, unit) = size switch
        {
            >= 86400 => (size / 86400, 0),
            >= 3600 => (size / 3600, 1),
            >= 60 => (size / 60, 2),
            _ => (0, 3),
        };
        return language == "ar" ? Arabic(count, unit, past) : English(count, unit, past);
    }

    /// <summary>The zone as a person says it, with its offset then: <c>Kuwait (UTC+3)</c>.</summary>
    public static string ZoneName(DateTimeZone zone, DateTimeOffset at)
    {
        if (zone == DateTimeZone.Utc) return "UTC";
        var offset = zone.GetUtcOffset(Instant.FromDateTimeOffset(at));
        var minutes = Math.Abs(offset.Seconds / 60);
        var half = minutes % 60 == 0 ? "" : $":{minutes % 60:00}";
        return $"{zone.Id[(zone.Id.LastIndexOf('/') + 1)..].Replace('_', ' ')} (UTC{(offset.Seconds < 0 ? '\u2212' : '+')}{minutes / 60}{half})";
    }

    private static string English(long count, int unit, bool past)
    {
        if (unit == 3) return "now";
        if (unit == 0 && count == 1) return past ? "yesterday" : "tomorrow";
        string[] names = ["day", "hour", "minute"];
        var text = $"{count} {names[unit]}{(count == 1 ? "" : "s")}";
        return past ? text + " ago" : "in " + text;
    }

    private static string Arabic(long count, int unit, bool past)
    {
        if (unit == 3) return "الآن";
        if (unit == 0 && count == 1) return past ? "أمس" : "غدًا";
        string[] one = ["يوم واحد", "ساعة واحدة", "دقيقة واحدة"], two = ["يومين", "ساعتين", "دقيقتين"];
        string[] few = ["أيام", "ساعات", "دقائق"], many = ["يومًا", "ساعة", "دقيقة"];
        var text = count switch
        {
            1 => one[unit],
            2 => two[unit],
            <= 10 => $"{count} {few[unit]}",
            _ => $"{count} {many[unit]}",
        };
        return (past ? "قبل " : "خلال ") + text;
    }
}
