using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Console.Reconciliation;

/// <summary>Classes of exceptions and outcomes of rows, in words.</summary>
internal static class ReconciliationWords
{
    private static readonly Dictionary<string, Phrase> Known = new(StringComparer.Ordinal)
    {
        ["missing_here"] = new("Missing here", "مفقود لدينا"),
        ["missing_there"] = new("Missing there", "مفقود لديهم"),
        ["different_amount"] = new("Different amount", "مبلغ مختلف"),
        ["different_currency"] = new("Different currency", "عملة مختلفة"),
        ["duplicate"] = new("Duplicate", "مكرر"),
        ["changed_fee"] = new("Changed fee", "رسم مختلف"),
        ["merged"] = new("Merged", "مدمج"),
        ["late"] = new("Late", "متأخر"),
        ["totals"] = new("Totals do not tie", "المجاميع لا تتطابق"),
        ["matched"] = new("Matched", "مطابق"),
        ["explained"] = new("Explained", "مفسَّر"),
        ["open"] = new("Open", "مفتوح"),
        ["known"] = new("Known from before", "معروف من قبل"),
        ["started_to_captured"] = new("From start to captured", "من البدء إلى التحصيل"),
        ["captured_there_to_here"] = new("From captured there to known here", "من التحصيل لديهم إلى معرفتنا"),
        ["message_to_settled"] = new("From message to settled", "من الرسالة إلى التسوية"),
    };

    public static IReadOnlyList<string> Classes { get; } =
        ["missing_here", "missing_there", "different_amount", "different_currency", "duplicate", "changed_fee", "merged", "late", "totals"];

    public static string Of(string word, string language) => Known.TryGetValue(word, out var phrase) ? phrase.In(language) : word.Replace('_', ' ');
}
