using Guildhall.Foundation;

namespace Guildhall.Messaging.Delivery;

/// <summary>Messages for the search of the staff, by id. Whom they went to is found among the people.</summary>
internal static class FindDeliveries
{
    private sealed record Row(DeliveryId Id, string Template, string Channel, string State);

    public static SearchPart Part { get; } = new("deliveries", MessagingPermissions.DeliveryView, async (database, text, stop) =>
        SearchPart.IdIn<DeliveryId>(text) is { } id && await database.Find<Row>("select id, template, channel, state from messaging.deliveries where id = @id", new { id }, stop) is { } found
            ? [new SearchHit(found.Id.ToString(), found.Template, found.Channel, found.State, $"/console/deliveries/{found.Id}")] : []);
}
