using Guildhall.Marketplace.Contacts;

namespace Guildhall.Marketplace.Catalog;

/// <summary>What a service may be.</summary>
internal static class ServiceRules
{
    private const long MostMinor = 1_000_000_000_000;

    public static EditService.Body Clean(EditService.Body body) => body with
    {
        Name = body.Name.Trim(), NameAr = string.IsNullOrWhiteSpace(body.NameAr) ? null : body.NameAr.Trim(), Description = body.Description.Trim().ReplaceLineEndings("\n"),
        Category = string.IsNullOrWhiteSpace(body.Category) ? null : body.Category,
    };

    /// <summary>What is wrong, by field.</summary>
    public static Dictionary<string, string> Objections(EditService.Body body)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!IsLine(body.Name)) fields["name"] = "A name has 1 to 120 characters on one line.";
        if (body.NameAr is { } arabic && !IsLine(arabic)) fields["nameAr"] = "A name has 1 to 120 characters on one line.";
        // Names stand in mails, feeds and invoices as they are: nothing in them could be hidden.
        if (ContactDetails.Find(body.Name).Count > 0) fields["name"] = "A name takes no phone number, address or link.";
        if (body.NameAr is { } other && ContactDetails.Find(other).Count > 0) fields["nameAr"] = "A name takes no phone number, address or link.";
        if (body.Description.Length is 0 or > 4000 || body.Description.Any(c => char.IsControl(c) && c != '\n')) fields["description"] = "Say what it is, in 1 to 4000 characters.";
        if (body.Minutes is < 10 or > 720) fields["minutes"] = "It takes 10 to 720 minutes.";
        if (body.BufferMinutes is < 0 or > 240) fields["bufferMinutes"] = "The time kept free after it is 0 to 240 minutes.";
        if (body.Price.Minor is <= 0 or > MostMinor) fields["price"] = "A price is above zero, in digits such as 12.500.";
        if (body.PerMinute && body.Kind != ServiceKind.Consultation) fields["perMinute"] = "Only consultations are sold by the minute: they are measured in calls.";
        if (body.PerMinute && body.Price.Minor > MostMinor / 720) fields["price"] = "A price is above zero, in digits such as 12.500.";
        if (body.NoticeMinutes is < 0 or > 43_200) fields["noticeMinutes"] = "Notice is 0 to 43,200 minutes (30 days).";
        if (body.HorizonDays is < 1 or > 365) fields["horizonDays"] = "Booking opens 1 to 365 days ahead.";
        return fields;
    }

    public static EditService.Body BodyOf(Service s) => new(s.Name, s.Description, s.Kind, s.Minutes, s.BufferMinutes, s.MinutePrice ?? s.Price, s.NoticeMinutes,
        s.HorizonDays, s.NameAr, s.CategoryId, s.Active, s.Revision, s.MinuteMinor is not null);

    private static bool IsLine(string text) => text.Length is >= 1 and <= 120 && !text.Any(char.IsControl);
}
