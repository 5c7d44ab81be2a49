using System.Text.Json.Nodes;
using Guildhall.Sandbox.Mail;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Webhooks;

namespace Guildhall.Sandbox.SendGrid;

/// <summary>What becomes of a mail: processed, then delivered or bounced; or dropped, since its address is on their list. Each is told in a batch of its own, a line end behind it.</summary>
internal static class SendGridEvents
{
    public static void Tell(World world, SendGridAccount account, AskedMail mail, string id, bool bounces)
    {
        var dropped = mail.To.All(to => to.EndsWith(AskedMail.DroppedDomain, StringComparison.OrdinalIgnoreCase));
        if (dropped)
        {
            Batch(world, account, mail, id, "dropped", ("reason", "Bounced Address"));
            return;
        }
        Batch(world, account, mail, id, "processed");
        if (bounces)
        {
            Batch(world, account, mail, id, "bounce", ("type", "bounce"), ("status", "5.1.1"), ("reason", "550 5.1.1 The email account that you tried to reach does not exist."));
            return;
        }
        world.Mail.Put(new StoredMail(id, mail.From, mail.To, mail.Subject, mail.Text, mail.Html, world.Now, Via: "sendgrid", mail.Headers));
        Batch(world, account, mail, id, "delivered", ("response", "250 OK"));
    }

    private static void Batch(World world, SendGridAccount account, AskedMail mail, string id, string what, params (string Name, string Value)[] more)
    {
        if (account.WebhookUrl is not { } address) return;
        var batch = new JsonArray();
        foreach (var to in mail.To)
        {
            var told = new JsonObject
            {
                ["email"] = to, ["timestamp"] = world.UnixNow, ["smtp-id"] = $"<{id}@geopod.test>", ["event"] = what, ["sg_event_id"] = Guid.NewGuid().ToString("n"),
                ["sg_message_id"] = $"{id}.recvd-5f8c7d-1.0",
            };
            foreach (var (name, value) in mail.Arguments) told[name] = value;
            foreach (var (name, value) in more) told[name] = value;
            batch.Add((JsonNode)told);
        }
        var key = "sg_" + Guid.NewGuid().ToString("n");
        world.PartyEvents.Put(new PartyEvent(key, PartyEvent.SendGrid, address.AbsoluteUri, batch.ToJsonString(SandboxJson.Wire) + "\r\n"));
        world.Announce(new Delivery(key, DeliveryState.Waiting, 0, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null));
    }
}
