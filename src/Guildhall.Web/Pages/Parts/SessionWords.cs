using System.Collections.Concurrent;
using System.Globalization;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Parts;

/// <summary>Sessions in the words of people: devices, places, proofs, ends.</summary>
internal static class SessionWords
{
    private static readonly ConcurrentDictionary<(string Code, string Language), string> Countries = new();

    public static Phrase Type(DeviceType type) => type switch
    {
        DeviceType.Phone => new("Phone", "هاتف"),
        DeviceType.Tablet => new("Tablet", "جهاز لوحي"),
        DeviceType.Computer => new("Computer", "حاسوب"),
        DeviceType.Program => new("Program", "برنامج"),
        DeviceType.Unknown => new("Unknown", "غير معروف"),
    };

    public static string Glyph(DeviceType type) => type switch
    {
        DeviceType.Phone => "mobile",
        DeviceType.Tablet => "tablet",
        DeviceType.Computer => "computer",
        DeviceType.Program => "terminal",
        DeviceType.Unknown => "question",
    };

    public static Phrase Kind(SessionKind kind) => kind switch
    {
        SessionKind.Cookie => new("Browser", "متصفح"),
        SessionKind.Bearer => new("App or program", "تطبيق أو برنامج"),
    };

    /// <summary>City and country, or that nobody knows.</summary>
    public static string Place(string? country, string? city, string language) => (country, city) switch
    {
        (null, null) => language == "ar" ? "مكان غير معروف" : "place unknown",
        (null, _) => city!,
        (_, null) => Country(country, language),
        _ => language == "ar" ? $"{city}، {Country(country, language)}" : $"{city}, {Country(country, language)}",
    };

    /// <summary>The country's name in the reader's language; the code when it is none we know.</summary>
    public static string Country(string code, string language) => code == "unknown" ? (language == "ar" ? "غير معروف" : "Unknown") : Countries.GetOrAdd((code, language), static known =>
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            // The framework names a country in the language of the moment only.
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(known.Language);
            return new RegionInfo(known.Code).DisplayName;
        }
        catch (ArgumentException) { return known.Code; }
        finally { CultureInfo.CurrentUICulture = before; }
    });

    public static Phrase ProvenBy(ProofMethod method) => method switch
    {
        ProofMethod.Password => new("password", "كلمة المرور"),
        ProofMethod.PhoneCode => new("code by phone", "رمز عبر الهاتف"),
        ProofMethod.Passkey => new("passkey", "مفتاح المرور"),
        ProofMethod.Totp => new("authenticator app", "تطبيق المصادقة"),
        ProofMethod.BackupCode => new("backup code", "رمز احتياطي"),
        ProofMethod.SmsCode => new("code by text message", "رمز برسالة نصية"),
        ProofMethod.EmailCode => new("code by e-mail", "رمز بالبريد"),
        ProofMethod.Invitation => new("invitation", "دعوة"),
        ProofMethod.PasswordReset => new("new password by mail", "كلمة مرور جديدة بالبريد"),
        ProofMethod.Impersonation => new("staff looking on", "نظر الإدارة"),
    };

    public static Phrase Ended(SessionEnd why) => why switch
    {
        SessionEnd.SignedOut => new("Signed out", "سجّل الخروج"),
        SessionEnd.EndedByOwner => new("Ended by its owner", "أنهاها صاحبها"),
        SessionEnd.EndedByStaff => new("Ended by staff", "أنهتها الإدارة"),
        SessionEnd.Replaced => new("Replaced by a newer one", "حلّت محلها أحدث"),
        SessionEnd.Expired => new("Ran out", "انتهت مدتها"),
        SessionEnd.Idle => new("Not used", "لم تُستخدم"),
        SessionEnd.TokenReuse => new("A token was copied", "نُسخ رمزها"),
        SessionEnd.TooMany => new("Too many sessions", "جلسات كثيرة"),
        SessionEnd.NotMe => new("“This wasn't me”", "«لست أنا»"),
        SessionEnd.PasswordChanged => new("Password changed", "تغيّرت كلمة المرور"),
        SessionEnd.CleanedUp => new("Cleaned up", "أُزيلت"),
    };

    public static StateLook Look(SessionState state, SessionEnd? why) => state switch
    {
        SessionState.Living => new(new("Living", "حية"), "check", Tone.Good),
        SessionState.RanOut => new(new("Ran out", "انتهت مدتها"), "clock", Tone.Neutral),
        SessionState.Ended => new(why is { } known ? Ended(known) : new("Ended", "منتهية"), why is SessionEnd.TokenReuse or SessionEnd.NotMe ? "alert" : "x",
            why is SessionEnd.TokenReuse or SessionEnd.NotMe ? Tone.Bad : Tone.Neutral),
    };

    /// <summary>A length of time in its largest unit that says something.</summary>
    public static string Length(long seconds, string language) => (seconds, language) switch
    {
        (< 3600, "ar") => $"{Math.Max(1, seconds / 60)} د",
        (< 3600, _) => $"{Math.Max(1, seconds / 60)} min",
        (_, "ar") => $"{(seconds / 3600.0).ToString("0.#", CultureInfo.InvariantCulture)} س",
        _ => $"{(seconds / 3600.0).ToString("0.#", CultureInfo.InvariantCulture)} h",
    };
}
