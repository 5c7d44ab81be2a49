using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Webhooks;

namespace Guildhall.Sandbox.Ses;

/// <summary>The topic and its one subscription, which is confirmed by whoever calls the address that was sent to it; until then nothing is told. In memory: a start begins anew.</summary>
internal sealed class SesTopic(SandboxOptions options, SnsSigner signer)
{
    private volatile string? token;
    private volatile bool confirmed;

    public bool IsConfirmed => confirmed;

    /// <summary>Asks the product's address to confirm; false when there is none.</summary>
    public bool Subscribe(World world)
    {
        if (options.Ses.WebhookUrl is null) return false;
        (token, confirmed) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), false);
        Queue(world, signer.Confirmation(token, world.Now));
        return true;
    }

    public bool Confirm(string? given)
    {
        if (given is null || given != token) return false;
        return confirmed = true;
    }

    /// <summary>What became of a mail: with a configuration set as its events with the mail's tags, else as the older notifications, which have none and no Send.</summary>
    public void Tell(World world, AskedRawMail mail, string id, string what, JsonObject? more = null)
    {
        if (!confirmed || options.Ses.WebhookUrl is null || (what == "Send" && !mail.HasEvents)) return;
        var about = new JsonObject { ["timestamp"] = world.Now.ToString("O"), ["messageId"] = id, ["source"] = mail.From, ["destination"] = new JsonArray([.. mail.To.Select(to => (JsonNode?)to)]) };
        if (mail.HasEvents) about["tags"] = new JsonObject(mail.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)new JsonArray((JsonNode?)tag.Value))));
        var told = new JsonObject { [mail.HasEvents ? "eventType" : "notificationType"] = what, ["mail"] = about, [what.ToLowerInvariant()] = more ?? [] };
        Queue(world, signer.Notification(told.ToJsonString(SandboxJson.Wire), world.Now));
    }

    private void Queue(World world, string body)
    {
        var key = "sns_" + Guid.NewGuid().ToString("n");
        world.PartyEvents.Put(new PartyEvent(key, PartyEvent.Sns, options.Ses.WebhookUrl!.AbsoluteUri, body));
        world.Announce(new Delivery(key, DeliveryState.Waiting, 0, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null));
    }
}
