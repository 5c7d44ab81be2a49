using Guildhall.Foundation;
using Guildhall.Identity;
using Guildhall.Identity.Risk;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Risk;

/// <summary>The forms of the page of blocked networks.</summary>
internal static class NetworkForms
{
    private const string Page = "/console/sign-ins/networks";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm(Page + "/add", "BlockNetworkForm", IdentityPermissions.SignInRisk, Add);
        app.MapForm(Page + "/{id}/remove", "UnblockNetworkForm", IdentityPermissions.SignInRisk, Remove);
    }

    private static async Task<IResult> Add(PostedForm form)
    {
        var until = form.Number("days") is > 0 and <= 3650 and var days ? form.Database.Clock.GetUtcNow().AddDays(days) : (DateTimeOffset?)null;
        var added = await form.Database.InTransaction(tx => NetworkBlocks.Add(tx, form.Caller, new NetworkBlocks.Body(form["network"], form["reason"], until)), form.Stop);
        return added.Refusal is { } refusal ? Refused(form, refusal, "network", "days", "reason") : form.Done(Page, "Blocked.");
    }

    private static async Task<IResult> Remove(PostedForm form)
    {
        var id = form.Id<NetworkBlockId>();
        var removed = await form.Database.InTransaction(tx => NetworkBlocks.Remove(tx, form.Caller, id, form["reason"]), form.Stop);
        return removed.Refusal is { } refusal ? Refused(form, refusal) : form.Done(Page, "Removed. It stays in the audit trail.");
    }

    // The first field that needs correcting says its own sentence.
    private static IResult Refused(PostedForm form, Refusal refusal, params ReadOnlySpan<string> keep)
    {
        var fields = refusal.Details?.GetValueOrDefault("fields") as IReadOnlyDictionary<string, string>;
        return fields?.FirstOrDefault() is { Key: { } field, Value: { } says } ? form.Refused(Page, refusal.Saying(says), keep.Contains(field) ? field : "", keep) : form.Refused(Page, refusal, "", keep);
    }
}
