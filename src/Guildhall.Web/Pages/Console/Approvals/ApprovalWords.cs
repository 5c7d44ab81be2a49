using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Console.Approvals;

/// <summary>What is proposed, in the words of the staff.</summary>
internal static class ApprovalWords
{
    public static Phrase Kind(string kind) => kind switch
    {
        "settlement" => new("Order paid by hand", "طلب دُفع يدويًا"),
        "refund_paid" => new("Refund handed over", "استرداد سُلّم يدويًا"),
        "refund_outcome" => new("What became of a refund", "مآل استرداد"),
        "payout_outcome" => new("What became of a payout", "مآل عملية صرف"),
        "write_off" => new("Debt written off", "شطب دين"),
        _ => new(kind.Replace('_', ' '), kind.Replace('_', ' ')),
    };
}
