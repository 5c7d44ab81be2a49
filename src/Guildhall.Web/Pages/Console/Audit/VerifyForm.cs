using Guildhall.Foundation.Http;
using Guildhall.Operations;
using Guildhall.Operations.AuditLog;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Audit;

/// <summary>Walks the chain of the audit trail and says what came of it.</summary>
internal static class VerifyForm
{
    public static void Map(IEndpointRouteBuilder app) => app
        .MapForm("/console/audit/verify", nameof(VerifyForm), OperationsPermissions.AuditView, Send).Limited(RateClass.Code);

    private static async Task<IResult> Send(PostedForm form)
    {
        var verdict = await VerifyAudit.Run(form.Database, form.Caller, form.Stop);
        if (!verdict.Holds)
            return form.Warned("/console/audit", $"The chain breaks at link {verdict.FirstBadLink}: an entry there was changed or removed. Keep the database as it is and compare it with a backup.");
        var rest = verdict.Unsealed == 0 ? "" : $" {verdict.Unsealed} new ones join it in a moment.";
        return form.Done("/console/audit", "The chain holds: no entry was changed or removed." + rest);
    }
}
