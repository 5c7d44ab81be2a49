using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Gateways;

/// <summary>A gateway tells something. The sender is proven over the raw bytes, the message is stored with the job that reads it, then 200 is
/// answered; a repeat is answered 200 and does nothing.</summary>
public static class ReceiveWebhook
{
    private const int MaxBytes = 128 * 1024;

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/webhooks/{gateway}", async (string gateway, HttpContext http, Database database, IGateway known) => await Run(gateway, http, database, known))
        .WithName(nameof(ReceiveWebhook)).ForAnyone().Limited(RateClass.Webhook);

    private static async Task<IResult> Run(string name, HttpContext http, Database database, IGateway gateway)
    {
        if (!string.Equals(name, gateway.Name, StringComparison.Ordinal)) return MoneyRefusals.GatewayUnknown.ToHttp();
        if (http.Request.Headers.ContentEncoding.Count > 0) return FoundationRefusals.UnsupportedMediaType.ToHttp();
        var body = await ReadAll(http);
        if (body is null) return FoundationRefusals.BodyTooLarge.ToHttp();
        if (gateway.VerifyWebhook(http.Request.Headers, body, database.Clock.GetUtcNow()) is not { } envelope) return MoneyRefusals.WebhookNotTrusted.ToHttp();

        await database.InTransaction(async tx =>
        {
            var id = await tx.Find<long?>(Insert, new { gateway = gateway.Name, envelope.EventId, envelope.Type, body, now = tx.Now });
            if (id is { } fresh) await tx.Enqueue(new ProcessWebhook(fresh), uniqueKey: fresh.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }, http.RequestAborted);
        return Results.Ok(new { received = true });
    }

    private static async Task<byte[]?> ReadAll(HttpContext http)
    {
        if (http.Request.ContentLength > MaxBytes) return null;
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await http.Request.Body.ReadAsync(chunk, http.RequestAborted)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxBytes) return null;
        }
        return buffer.ToArray();
    }

    private const string Insert = """
        insert into money.webhooks (gateway, event_id, type, body, received_at) values (@gateway, @EventId, @Type, @body, @now)
        on conflict (gateway, event_id) do nothing returning id
        """;
}
