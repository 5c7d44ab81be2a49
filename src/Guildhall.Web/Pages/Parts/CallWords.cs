using Guildhall.Marketplace.Calls;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Parts;

/// <summary>What happened in calls, in words.</summary>
internal static class CallWords
{
    public static Phrase Of(CallEventKind kind) => kind switch
    {
        CallEventKind.Rang => new("Called", "اتصل"),
        CallEventKind.Accepted => new("Took the call", "رد على المكالمة"),
        CallEventKind.Declined => new("Declined the call", "رفض المكالمة"),
        CallEventKind.Missed => new("Call not taken", "مكالمة لم يُرد عليها"),
        CallEventKind.Cancelled => new("Gave up calling", "ألغى الاتصال"),
        CallEventKind.Joined => new("In the call from", "في المكالمة منذ"),
        CallEventKind.Left => new("Out of the call", "خرج من المكالمة"),
        _ => new("Call over", "انتهت المكالمة"),
    };
}
