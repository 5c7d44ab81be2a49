using Guildhall.Web.Components;
using Guildhall.Web.Components.Data;

namespace Guildhall.Web.Pages.Console.Dashboard;

/// <summary>The two views of how the house stands.</summary>
internal static class DashboardTabs
{
    public static IReadOnlyList<Tab> Of(Reader reader, bool charts) =>
    [
        new(reader.Language == "ar" ? "الآن" : "Now", "/console", !charts),
        new(reader.Language == "ar" ? "آخر ٣٠ يومًا" : "Last 30 days", "/console/charts", charts),
    ];
}
