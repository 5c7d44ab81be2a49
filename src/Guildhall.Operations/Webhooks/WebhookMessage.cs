using System.Globalization;

namespace Guildhall.Operations.Webhooks;

/// <summary>What is sent of an event: the same bytes at every attempt, to every endpoint.</summary>
internal sealed record WebhookMessage(WebhookMessageId Id, string Type, int Version, string ObjectId, long Sequence, string Facts, DateTimeOffset OccurredAt)
{
    // The facts are an object that this product wrote: its members follow those that every event has.
    public string Body() => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"type":"{{{Type}}}","timestamp":"{{{OccurredAt:yyyy-MM-ddTHH:mm:ss.fffZ}}}","data":{{{Data}}}}""");

    private string Data => string.Create(CultureInfo.InvariantCulture,
        $$"""{"version":{{Version}},"object":"{{WebhookCatalogue.Find(Type)?.Object}}","id":"{{ObjectId}}","sequence":{{Sequence}}{{Rest}}}""");

    private string Rest => Facts.Length > 2 ? "," + Facts[1..^1] : "";
}
