using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Disputes;
using Guildhall.Money.Gateways;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Disputes;

/// <summary>The acts on a dispute's page.</summary>
internal static class DisputeForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/disputes/{id}/answer", "AnswerDisputeForm", MoneyPermissions.DisputeManage, Answer).Idempotent();
        app.MapForm("/console/disputes/{id}/accept", "AcceptDisputeForm", MoneyPermissions.DisputeManage, Accept).Idempotent();
    }

    private static async Task<IResult> Answer(PostedForm form)
    {
        var id = form.Id<DisputeId>();
        string? Text(string name) => form[name] is { Length: > 0 } text ? text : null;
        var fields = new DisputeEvidence(Text("service"), Text("date"), Text("talk"), Text("log"), Other: Text("other"));
        var answered = await AnswerDispute.Run(form.Database, form.Caller, id, fields, form.Stop);
        return answered.Is(out _, out var refusal) ? form.Done($"/console/disputes/{id}", "The answer is on its way to the bank.") : form.Refused($"/console/disputes/{id}", refusal, "", "service", "date", "talk", "log", "other");
    }

    private static async Task<IResult> Accept(PostedForm form)
    {
        var id = form.Id<DisputeId>();
        var accepted = await AcceptDispute.Run(form.Database, form.Caller, id, form["reason"], form.Stop);
        return accepted.Is(out _, out var refusal) ? form.Done($"/console/disputes/{id}", "The dispute is given up. The gateway is being told.")
            : form.Refused($"/console/disputes/{id}", refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "reason" : "", "reason");
    }
}
