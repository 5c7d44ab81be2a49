using System.Text.RegularExpressions;

namespace Guildhall.Marketplace.Contacts;

/// <summary>The shapes of contact details in folded text, and of what only looks like one. None backtracks, so no text is slow.</summary>
internal static partial class ContactPatterns
{
    private const RegexOptions Plain = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private const string Local = @"[\p{L}\p{Nd}][\p{L}\p{Nd}._+-]*";
    private const string Label = @"[\p{L}\p{Nd}][\p{L}\p{Nd}-]+";
    private const string At = @"(\s*[\[({<]\s*at\s*[\])}>]\s*|\s+at\s+|_at_|-at-|\s*@\s*|\s+ات\s+)";
    private const string DotWord = @"(\s*[\[({<]\s*dot\s*[\])}>]\s*|\s+dot\s+|_dot_|-dot-|\s+(نقطه|دوت)\s+)";
    private const string Core = "(com|net|org|edu|gov|info|biz|io|co|kw|ae|sa|qa|bh|om|eg|uk|كوم|نت|اورج)";
    private const string Long = "(com|net|org|edu|gov|info|biz|io|app|dev|online|site|shop|store|xyz|page|link|click|club|pro|tech|website|agency|studio|law|kw|ae|sa|qa|bh|eg|jo|lb|uk|de|fr|ru|cn)";
    private const string Short = "(me|ly|ee|gl|gle|be|am|to|gd|cc|is|in|us|it|st|at|id|tv|ai|co|om)";
    private const string Provider = "(gmail|hotmail|yahoo|outlook|icloud|protonmail|جيميل|هوتميل|ياهو|اوتلوك)";
    private const string App = "(insta|instagram|ig|snap|snapchat|telegram|whatsapp|whats app|tiktok|twitter|facebook|fb|signal|viber|skype|discord|wechat|linkedin|kik|messenger)";
    private const string ArabicApp = "(انستا|انستاي|انستقرام|انستغرام|انستقرامي|انستغرامي|سناب|سنابي|سناب شات|تلغرام|تليجرام|تيليجرام|تلجرام|واتس|واتساب|تويتر|تيك توك|فيسبوك|سكايب|ديسكورد|فايبر|يوزر|يوزري|اليوزر)";
    private const string Token = @"@?[\p{L}\p{Nd}_][\p{L}\p{Nd}_.:#-]{2,}";

    [GeneratedRegex($@"{Local}\s?@\s?{Label}(\.[\p{{L}}\p{{Nd}}-]+)+", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex Email();

    /// <summary>Spelled in whole or part; the dot may be a sign when no word says "at" with spaces around it.</summary>
    [GeneratedRegex($@"{Local}{At}{Label}((\.|{DotWord}){Label})*(\.|{DotWord}){Core}\b|{Local}\s*@\s*{Label}\s*\.\s*{Core}\b", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex SpelledEmail();

    [GeneratedRegex($@"(?<who>{Local})(?<at>{At}|\s+علي\s+){Provider}\b", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex AtProvider();

    [GeneratedRegex($@"\b({Provider}|e-?mail|ايميل|ايميلي)(?<link>\s*(:|=)\s*|\s+(is|هو)\s+)(?<who>[a-z0-9][\w.+-]{{3,}})", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex NamedEmail();

    [GeneratedRegex(@"\b(https?|hxxps?|ftp)\s?:\s?/\s?/\s?\S+|\bwww\s?\.\s?\S+", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex Address();

    [GeneratedRegex($@"\b({Label}\.|[\p{{L}}\p{{Nd}}]\.)+{Long}\b(\.{Core}\b)?([/?#:]\S*)?|\b({Label}\.)+{Short}/\S+", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex Domain();

    [GeneratedRegex($@"\b{Label}({DotWord}{Label})*{DotWord}{Core}\b|\b{Label}\s+\.\s+{Core}\b", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex SpelledDomain();

    [GeneratedRegex($@"\b(wa|t|m|fb|signal|paypal)(\s*\.\s*|{DotWord})me\b(\s*(/|slash)\s*\S+)?", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex ShortLink();

    [GeneratedRegex(@"@[\p{L}_][\p{L}\p{Nd}_.]{2,}|\b[a-z][\w.]{1,30}#[0-9]{4}\b", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex Handle();

    /// <summary>"my insta is …", "skype id …", "telegram: …", "on linkedin as …".</summary>
    [GeneratedRegex($@"\b(?<my>my\s+)?{App}\b(?<strong>\s+(id|handle|username|user name)\b(\s*(:|=|is)\s*|\s+)|(\s+(account|profile|page))?\s*(:|=)\s*|\s+as\s+)?(?<weak>\s+is\s+|\s+)?(?<who>{Token})", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex OnApp();

    [GeneratedRegex($@"(?<who>{Token})\s+(on|في|علي)\s+({App}|{ArabicApp})\b", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex NameOnApp();

    [GeneratedRegex($@"\b{ArabicApp}\s*(هو|:|=|علي)?\s*(?<who>@?[a-z][\w.-]{{2,}})|\b{ArabicApp}\s+باسم\s+(?<who>\S+)", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex OnArabicApp();

    [GeneratedRegex(@"\b([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?\b", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex Time();

    [GeneratedRegex(@"\b(19|20)[0-9]{2}[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12][0-9]|3[01])\b|\b(0?[1-9]|[12][0-9]|3[01])[-/.](0?[1-9]|1[0-2])[-/.](19|20)[0-9]{2}\b"
        + @"|\b(19|20)[0-9]{2}\s?[-/]\s?(19|20)[0-9]{2}\b", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex Date();

    /// <summary>Ids and numbers of orders, bookings, invoices, cases; sums from and to.</summary>
    [GeneratedRegex(@"\b[a-z]{2,4}_[0-9a-z]{20,32}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b0x[0-9a-f]+\b|\B#\s?[0-9]+"
        + @"|\b(order|booking|invoice|inv|ticket|case|reference|ref|receipt|serial|permit|policy|الطلب|طلب|الحجز|حجز|الفاتوره|فاتوره|القضيه|قضيه|المرجع|مرجع)[ .:#-]*((no|nr|number|id|رقم)\b)?[ .:#]*(is )?([a-z]{2,4}-)?[0-9][0-9/-]*"
        + @"|\b[0-9]{1,6}\.[0-9]{2,3}\s?-\s?[0-9]{1,6}\.[0-9]{2,3}\s?(kwd|kd|usd|eur|gbp|aed|sar|د\.ك|دينار)", RegexOptions.NonBacktracking | Plain)]
    public static partial Regex Innocent();
}
