using System.Globalization;
using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Gateways;

/// <summary>A gateway tells something. A message whose sender is proven over the raw bytes is stored with the job that reads it; one that anybody
/// could have sent is stored and makes us ask the gateway; then the gateway gets the answer it wants. A repeat does nothing.</summary>
public static class ReceiveWebhook
{
    private const int MaxBytes = 128 * 1024;

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/webhooks/{gateway}", async (string gateway, HttpContext http, Database database, GatewayBook gateways, GatewayMeter meter) => await Run(gateway, http, database, gateways, meter))
        .WithName(nameof(ReceiveWebhook)).ForAnyone().Limited(RateClass.Webhook).WithMetadata(new RawBody(), new ForeignQuery());

    private static async Task<IResult> Run(string name, HttpContext http, Database database, GatewayBook gateways, GatewayMeter meter)
    {
        if (gateways.Find(name) is not { } gateway) return MoneyRefusals.GatewayUnknown.ToHttp();
        if (http.Request.Headers.ContentEncoding.Count > 0) return FoundationRefusals.UnsupportedMediaType.ToHttp();
        if (!gateway.Can.Hears(http.Connection.RemoteIpAddress)) return MoneyRefusals.WebhookNotTrusted.ToHttp();
        var body = await WholeBody.Read(http.Request, MaxBytes);
        if (body is null) return FoundationRefusals.BodyTooLarge.ToHttp();

        var message = new Message(http.Request.Headers, http.Request.Query, body, http.Connection.RemoteIpAddress);
        var heard = gateway.Hear(message, database.Clock.GetUtcNow());
        await database.InTransaction(tx => heard switch
        {
            Heard.Proven proven => Store(tx, gateway, proven, message),
            Heard.Hint hint => TakeHint.Run(tx, gateway, hint.Payment, "hint", message, hint.Reference),
            Heard.Refused { SecondsOff: { } off } => tx.Change(Doubt, new { gateway = gateway.Name, since = tx.Now.AddTicks(-(tx.Now.Ticks % DoubtPer.Ticks)), off }),
            _ => Task.CompletedTask,
        }, http.RequestAborted);
        meter.Received(gateway.Name, heard);
        if (heard is Heard.Refused) return MoneyRefusals.WebhookNotTrusted.ToHttp();
        return heard.Answer is { } wanted ? Results.Text(wanted.Body, wanted.ContentType, Encoding.UTF8, wanted.Status) : Results.Ok(new { received = true });
    }

    private static async Task Store(Transaction tx, IGateway gateway, Heard.Proven proven, Message message)
    {
        var id = await tx.Find<long?>(Insert, new { gateway = gateway.Name, proven.EventId, proven.Type, body = (proven.Kept ?? message.Body).ToArray(), message.Sender, now = tx.Now });
        if (id is { } fresh) await tx.Enqueue(new ProcessWebhook(fresh), uniqueKey: fresh.ToString(CultureInfo.InvariantCulture));
    }

    internal static readonly TimeSpan DoubtPer = TimeSpan.FromMinutes(5);

    private const string Insert = """
        insert into money.webhooks (gateway, event_id, type, body, sender, received_at) values (@gateway, @EventId, @Type, @body, @Sender, @now)
        on conflict (gateway, event_id) do nothing returning id
        """;

    private const string Doubt = """
        insert into money.clock_doubts (gateway, since, count, seconds_off) values (@gateway, @since, 1, @off)
        on conflict (gateway, since) do update set count = clock_doubts.count + 1, seconds_off = excluded.seconds_off
        """;
}
