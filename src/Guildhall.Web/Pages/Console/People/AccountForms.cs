using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Factors;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Permissions;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.People;

/// <summary>The forms of a person's page.</summary>
internal static class AccountForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/people/{id}/roles", "RolesForm", IdentityPermissions.RoleChange, Roles).RequiresStepUp();
        app.MapForm("/console/people/{id}/reset-factors", "ResetFactorsForm", IdentityPermissions.FactorReset, ResetLost).RequiresStepUp();
        app.MapForm("/console/people/{id}/suspend", "SuspendForm", IdentityPermissions.AccountSuspend, Suspend);
        app.MapForm("/console/people/{id}/reactivate", "ReactivateForm", IdentityPermissions.AccountSuspend, Reactivate);
        app.MapForm("/console/people/{id}/send-reset", "SendResetForm", IdentityPermissions.AccountReset, SendReset);
        app.MapForm("/console/people/{id}/sessions/{session}/end", "EndSessionForm", IdentityPermissions.SessionEnd, EndSession);
    }

    private static async Task<IResult> Roles(PostedForm form)
    {
        var id = form.Id<AccountId>();
        var changed = await ChangeRoles.Run(form.Get<IdentityParts>(), form.Caller, id, new ChangeRoles.Body(form.All("roles"), form["why"]), form.Stop);
        return Answer(form, id, changed.Refusal, "The roles hold from their next click on.");
    }

    private static async Task<IResult> ResetLost(PostedForm form)
    {
        var id = form.Id<AccountId>();
        var done = await ResetFactors.Run(form.Get<IdentityParts>(), form.Caller, id, form["why"], form.Stop);
        return Answer(form, id, done.Refusal, "Removed; all their sessions have ended and they were told.");
    }

    private static async Task<IResult> Suspend(PostedForm form)
    {
        var id = form.Id<AccountId>();
        var done = await SuspendAccount.Run(form.Get<IdentityParts>(), form.Caller, id, form["why"], form.Stop);
        return Answer(form, id, done.Refusal, "Suspended; all their sessions have ended.");
    }

    private static async Task<IResult> Reactivate(PostedForm form)
    {
        var id = form.Id<AccountId>();
        var done = await ReactivateAccount.Run(form.Get<IdentityParts>(), form.Caller, id, form["why"], form.Stop);
        return Answer(form, id, done.Refusal, "They can sign in again.");
    }

    private static async Task<IResult> SendReset(PostedForm form)
    {
        var id = form.Id<AccountId>();
        var sent = await SendPasswordReset.Run(form.Get<IdentityParts>(), form.Caller, id, new SendPasswordReset.Body(form["why"], form["mustChange"] is "true"), form.Stop);
        return Answer(form, id, sent.Refusal, "The link is on its way to their address. It works for one hour.");
    }

    private static async Task<IResult> EndSession(PostedForm form)
    {
        var id = form.Id<AccountId>();
        if (!Id.TryParse<SessionId>(form.Route("session"), out var session)) return Answer(form, id, FoundationRefusals.NotFound, "");
        var ended = await EndSessionOfAnother.Run(form.Get<IdentityParts>(), form.Caller, session, form["why"] is { Length: > 0 } why ? why : null, form.Stop);
        return Answer(form, id, ended.Refusal, "That session has ended on every node.");
    }

    private static IResult Answer(PostedForm form, AccountId id, Refusal? refusal, string said)
    {
        var page = $"/console/people/{id}";
        if (refusal is null) return form.Done(page, said);
        return form.Refused(page, refusal, refusal.Code == FoundationRefusals.InvalidInput.Code ? "why" : "", "why");
    }
}
