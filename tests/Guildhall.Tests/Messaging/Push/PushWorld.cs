using System.Text.Json;
using Guildhall.Messaging;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Push.Firebase;
using Guildhall.Sandbox.Firebase;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Messaging.Push;

/// <summary>A world that pushes.</summary>
public class PushWorld : World
{
    private static readonly Dictionary<string, string> Facts = new(StringComparer.Ordinal) { ["link"] = "/inbox" };

    // Each node has an access token of its own.
    protected override int NodeCount => 1;

    internal override HostSettings Configure(HostSettings settings, int node) => settings with
    {
        Firebase = FirebaseOptions.Read(settings.SandboxUrl!, Sandbox.Part<FirebaseAccount>().KeyFile)! with { Timeout = TimeSpan.FromSeconds(3) },
    };

    /// <summary>A token as Firebase gives one to an app.</summary>
    public static string NewToken(string start = "fresh") => $"{start}:{Guid.NewGuid():n}{Guid.NewGuid():n}";

    /// <summary>Tells the person something; the pushes that came of it, once they were tried.</summary>
    public async Task<IReadOnlyList<DeliveryLog.Entry>> Tells(Guid person, int pushes, string template = "new_message")
    {
        var before = await Database.Count("messaging.deliveries where person_id = $1 and channel = 'push'", person);
        await Data().InTransaction(tx => Notify.Person(tx, person, template, Facts));
        await JobsAreDone();
        var made = (await DeliveryLog.Newest(Data(), person, 200, default)).Where(d => d.Channel is "push").OrderByDescending(d => d.CreatedAt).ThenByDescending(d => d.Id.Value).ToArray();
        (made.Length - (int)before).ShouldBe(pushes);
        return made[..pushes];
    }

    public Task<IReadOnlyList<string>> LogOf(DeliveryId delivery) => Database.Column<string>("select concat_ws(' ', state, sender, reason) from messaging.delivery_log where delivery_id = $1 order by id", delivery.Value);

    public async Task<IReadOnlyList<JsonElement>> PushesTo(string token) => [.. (await Sandbox.Get($"/sandbox/pushes?token={Uri.EscapeDataString(token)}")).EnumerateArray()];
}
