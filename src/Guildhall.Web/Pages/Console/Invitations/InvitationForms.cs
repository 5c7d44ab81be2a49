using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Identity.Invitations;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Invitations;

/// <summary>The forms of the invitations' page.</summary>
internal static class InvitationForms
{
    private const string Page = "/console/invitations";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/invitations/new", "InviteForm", IdentityPermissions.InvitationManage, Invite).RequiresStepUp();
        app.MapForm("/console/invitations/{id}/resend", "ResendInvitationForm", IdentityPermissions.InvitationManage, async form =>
            Answer(form, (await ResendInvitation.Run(form.Get<IdentityParts>(), form.Caller, form.Id<InvitationId>(), form.Stop)).Refusal, "Sent again; the link before is void.")).RequiresStepUp();
        app.MapForm("/console/invitations/{id}/revoke", "RevokeInvitationForm", IdentityPermissions.InvitationManage, async form =>
            Answer(form, (await RevokeInvitation.Run(form.Database, form.Caller, form.Id<InvitationId>(), form.Stop)).Refusal, "Revoked. The link opens nothing any more."));
    }

    private static async Task<IResult> Invite(PostedForm form)
    {
        var body = new InviteSomebody.Body(form["email"], form.All("roles"), form["displayName"], form["language"] is "ar" ? "ar" : "en", form.Number("days"));
        var sent = await InviteSomebody.Run(form.Get<IdentityParts>(), form.Caller, body, form.Stop);
        return Answer(form, sent.Refusal, $"The invitation is on its way to {body.Email}.");
    }

    private static IResult Answer(PostedForm form, Refusal? refusal, string said)
    {
        if (refusal is null) return form.Done(Page, said);
        var fields = refusal.Details?.GetValueOrDefault("fields") as IReadOnlyDictionary<string, string>;
        return form.Refused(Page, fields is null ? refusal : refusal.Saying(string.Join(' ', fields.Values)), "", "email", "displayName", "language", "days");
    }
}
