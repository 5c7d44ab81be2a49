using Guildhall.Marketplace.Policies;

namespace Guildhall.Web.Pages.Market;

/// <summary>Terms of cancelling and moving as a customer reads them before paying.</summary>
internal static class PolicyWords
{
    private const int Everything = 100;

    public static IEnumerable<string> Lines(SaleTerms policy, string language)
    {
        string T(string en, string ar) => language == "ar" ? ar : en;
        foreach (var tier in policy.Tiers)
            yield return (tier.HoursBefore, tier.BackPercent) switch
            {
                (0, Everything) => T("Free to cancel until the start", "إلغاء مجاني حتى بداية الموعد"),
                (0, 0) => T("Cancelled later: nothing goes back", "الإلغاء بعد ذلك: لا يعود شيء"),
                (0, var percent) => T($"Cancelled later: {percent} % goes back", $"الإلغاء بعد ذلك: يعود {percent}٪"),
                (var hours, Everything) => T($"Free to cancel until {hours} h before", $"إلغاء مجاني حتى {hours} ساعة قبل الموعد"),
                var (hours, percent) => T($"Cancelled until {hours} h before: {percent} % goes back", $"الإلغاء حتى {hours} ساعة قبل الموعد: يعود {percent}٪"),
            };
        if (policy.NoShowBackPercent != policy.Tiers[^1].BackPercent)
            yield return T($"After the start, or if you do not come: {policy.NoShowBackPercent} % goes back", $"بعد البداية أو إن لم تحضر: يعود {policy.NoShowBackPercent}٪");
        if (policy.MaxMoves > 0) yield return T($"Move it to another time until {policy.MoveHours} h before", $"يمكن نقله إلى وقت آخر حتى {policy.MoveHours} ساعة قبل الموعد");
    }
}
