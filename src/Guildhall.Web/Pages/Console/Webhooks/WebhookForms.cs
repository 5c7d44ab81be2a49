using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Operations;
using Guildhall.Operations.Webhooks;
using Guildhall.Web.Pages.Console.Parts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guildhall.Web.Pages.Console.Webhooks;

/// <summary>The forms of the webhook pages. A new secret is the answer to its post, so that it stands in no address and no cookie.</summary>
internal static class WebhookForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm("/console/webhooks/add", "AddWebhookForm", OperationsPermissions.WebhookManage, Add);
        app.MapForm("/console/webhooks/{id}/rotate", "RotateWebhookForm", OperationsPermissions.WebhookManage, Rotate);
        app.MapForm("/console/webhooks/{id}/test", "TestWebhookForm", OperationsPermissions.WebhookManage, form => Act(form, TestWebhookEndpoint.Run, "A test message is on its way."));
        app.MapForm("/console/webhooks/{id}/enable", "EnableWebhookForm", OperationsPermissions.WebhookManage, form => Act(form, EnableWebhookEndpoint.Run, "Enabled. What waited goes out now."));
        app.MapForm("/console/webhooks/{id}/disable", "DisableWebhookForm", OperationsPermissions.WebhookManage, form => Act(form, DisableEndpoint.Run, "Disabled. Nothing is sent to it until it is enabled."));
        app.MapForm("/console/webhooks/{id}/remove", "RemoveWebhookForm", OperationsPermissions.WebhookManage, form => Act(form, RemoveWebhookEndpoint.Run, "Removed.", "/console/webhooks"));
        app.MapForm("/console/webhooks/{id}/replay", "ReplayWebhooksForm", OperationsPermissions.WebhookManage, Replay);
        app.MapForm("/console/webhooks/{id}/{message}/replay", "ReplayWebhookMessageForm", OperationsPermissions.WebhookManage, ReplayOne);
    }

    private static async Task<IResult> Add(PostedForm form)
    {
        var events = form["events"].Split(['\n', '\r', ' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var body = new CreateWebhookEndpoint.Body(form["url"], form["description"], events);
        var made = await form.Database.InTransaction(tx => CreateWebhookEndpoint.Run(tx, form.Get<PublicConnect>(), form.Get<MasterKey>(), form.Caller, body), form.Stop);
        if (made.Is(out var created, out var refusal)) return Secret(created.Secret, $"/console/webhooks/{created.Endpoint.Id}", null);
        var field = refusal.Code == OperationsRefusals.WebhookUrlNotAllowed.Code ? "url" : refusal.Code == OperationsRefusals.WebhookEventUnknown.Code ? "events" : "";
        return form.Refused("/console/webhooks", refusal, field, "url", "description", "events");
    }

    private static async Task<IResult> Rotate(PostedForm form)
    {
        var id = form.Id<WebhookEndpointId>();
        var rotated = await form.Database.InTransaction(tx => RotateWebhookSecret.Run(tx, form.Get<MasterKey>(), form.Caller, id), form.Stop);
        return rotated.Is(out var fresh, out var refusal) ? Secret(fresh.Secret, $"/console/webhooks/{id}", fresh.OldSecretUntil) : form.Refused("/console/webhooks", refusal);
    }

    private static async Task<IResult> Act<T>(PostedForm form, Func<Transaction, Caller, WebhookEndpointId, Task<Result<T>>> act, string said, string? next = null)
    {
        var id = form.Id<WebhookEndpointId>();
        var done = await form.Database.InTransaction(tx => act(tx, form.Caller, id), form.Stop);
        return done.Refusal is { } refusal ? form.Refused($"/console/webhooks/{id}", refusal) : form.Done(next ?? $"/console/webhooks/{id}", said);
    }

    private static async Task<IResult> Replay(PostedForm form)
    {
        var (id, hours) = (form.Id<WebhookEndpointId>(), form.Number("hours"));
        var page = $"/console/webhooks/{id}";
        if (hours is < 1 or > 8760) return form.Refused(page, OperationsRefusals.WebhookRangeInvalid, "hours", "hours");
        var range = new ReplayWebhooks.Range(form.Database.Clock.GetUtcNow().AddHours(-hours));
        var sent = await form.Database.InTransaction(tx => ReplayWebhooks.Run(tx, form.Caller, id, range), form.Stop);
        return sent.Is(out var replayed, out var refusal)
            ? form.Done(page, replayed.Next is null ? $"{replayed.Messages} messages are sent again." : $"The oldest {replayed.Messages} messages are sent again; ask once more for the rest.")
            : form.Refused(page, refusal);
    }

    private static async Task<IResult> ReplayOne(PostedForm form)
    {
        var id = form.Id<WebhookEndpointId>();
        if (!Id.TryParse<WebhookMessageId>(form.Route("message"), out var message)) return form.Refused($"/console/webhooks/{id}", OperationsRefusals.WebhookMessageNotFound);
        var sent = await form.Database.InTransaction(tx => ReplayWebhooks.One(tx, form.Caller, id, message), form.Stop);
        return sent.Refusal is { } refusal ? form.Refused($"/console/webhooks/{id}", refusal) : form.Done($"/console/webhooks/{id}/{message}", "The message is sent again.");
    }

    private static RazorComponentResult Secret(string secret, string next, DateTimeOffset? oldUntil) => new RazorComponentResult<SecretDocument>(new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        [nameof(SecretDocument.Secret)] = secret, [nameof(SecretDocument.Next)] = next, [nameof(SecretDocument.OldUntil)] = oldUntil,
    });
}
