namespace Guildhall.Web.Components.Text;

/// <summary>What a number of stars is in words.</summary>
internal static class ReviewWords
{
    public const int Most = 5;

    private static readonly Phrase[] Meanings =
    [
        new("Bad", "سيئ"), new("Poor", "ضعيف"), new("All right", "مقبول"), new("Good", "جيد"), new("Excellent", "ممتاز"),
    ];

    public static string Stars(int count, string language) => language == "ar" ? $"{count} من 5 نجوم" : $"{count} of 5 stars";

    public static string Meaning(int stars, string language) => Meanings[stars - 1].In(language);

    public static string Count(int count, string language) => (count, language) switch
    {
        (1, "ar") => "تقييم واحد", (2, "ar") => "تقييمان", (>= 3 and <= 10, "ar") => $"{count} تقييمات", (_, "ar") => $"{count} تقييمًا",
        (1, _) => "1 review", _ => $"{count} reviews",
    };
}
