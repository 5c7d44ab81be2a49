using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity;
using Guildhall.Identity.Permissions;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Roles;

/// <summary>The forms of the roles' pages.</summary>
internal static class RoleForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/roles/new", "CreateRoleForm", IdentityPermissions.RoleEdit, Create).RequiresStepUp();
        app.MapForm("/console/roles/{name}/change", "ChangeRoleForm", IdentityPermissions.RoleEdit, Change).RequiresStepUp();
        app.MapForm("/console/roles/{name}/delete", "DeleteRoleForm", IdentityPermissions.RoleEdit, Delete).RequiresStepUp();
    }

    private static async Task<IResult> Create(PostedForm form)
    {
        var made = await CreateRole.Run(form.Database, form.Caller, new CreateRole.Body(form["name"], form["says"]), form.Stop);
        return made.Is(out var role, out var refusal) ? form.Done($"/console/roles/{role.Name}", "Made. Say what it may do.") : form.Refused("/console/roles", Plain(refusal), "", "name", "says");
    }

    private static async Task<IResult> Change(PostedForm form)
    {
        var (name, page) = (form.Route("name"), $"/console/roles/{Uri.EscapeDataString(form.Route("name"))}");
        var body = new SetRolePermissions.Body(form.All("permissions"), form["needsSecondFactor"] is "true", form["why"], form.Number("version"));
        var changed = await SetRolePermissions.Run(form.Get<IdentityParts>(), form.Get<PermissionBook>(), form.Caller, name, body, form.Stop);
        return changed.Is(out _, out var refusal) ? form.Done(page, "Saved. It holds from everybody's next click on.") : form.Refused(page, Plain(refusal), "", "why");
    }

    private static async Task<IResult> Delete(PostedForm form)
    {
        var name = form.Route("name");
        var deleted = await DeleteRole.Run(form.Database, form.Caller, name, form.Stop);
        return deleted.Is(out _, out var refusal) ? form.Done("/console/roles", "Removed.") : form.Refused($"/console/roles/{Uri.EscapeDataString(name)}", Plain(refusal));
    }

    // The details of a refusal as one sentence: the fields to correct, the permission that lacks, what a colleague changed meanwhile.
    private static Refusal Plain(Refusal refusal)
    {
        if (refusal.Details is not { } details) return refusal;
        if (details.TryGetValue("fields", out var fields) && fields is IReadOnlyDictionary<string, string> named) return refusal.Saying(string.Join(' ', named.Values));
        if (details.TryGetValue("permission", out var permission)) return refusal.Saying($"{refusal.Sentence} It is {permission}.");
        if (!details.TryGetValue("onlyYours", out var yours) || !details.TryGetValue("onlyTheirs", out var theirs)) return refusal;
        return refusal.Saying($"Somebody changed this role after you had opened it. Only you had: {Names(yours)}. Only they have: {Names(theirs)}.");
    }

    private static string Names(object? permissions) => permissions is string[] { Length: > 0 } list ? string.Join(", ", list) : "nothing";
}
