using Guildhall.Foundation.Data;
using Guildhall.Money.Quarantine;

namespace Guildhall.Web.Pages.Console.Quarantine;

internal static class QuarantineWords
{
    /// <summary>The state as its badge knows it.</summary>
    public static string State(QuarantineView item) => item switch
    {
        { ResolvedAt: null, SendBackState: "failed" } => "send_back_failed",
        { Resolution: { } how } => Names.Of(how),
        _ => "open",
    };
}
