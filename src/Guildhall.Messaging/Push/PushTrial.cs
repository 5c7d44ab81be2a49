using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Push.Firebase;
using Guildhall.Messaging.Templates;

namespace Guildhall.Messaging.Push;

/// <summary>Whether the provider would take a message to the person's newest device; without one, whether it lets us in. Nothing is sent.</summary>
/// <param name="Answered">It said something that can be used, be it a no.</param>
/// <param name="Why">Its word; null when it works.</param>
public sealed record PushTrial(bool Configured, bool HadDevice, bool Works, bool Answered, string? Why)
{
    private const string Template = "integration_test";

    private sealed record Device(byte[] Token);

    /// <summary>Asks now; no transaction is open meanwhile.</summary>
    public static async Task<PushTrial> Run(Database database, FirebaseApi firebase, Guid person, CancellationToken stop)
    {
        if (!firebase.IsConfigured) return new PushTrial(false, false, false, false, null);
        var device = await database.Find<Device>("select token from messaging.push_devices where person_id = @person order by registered_at desc limit 1", new { person }, stop);
        var token = device is null ? null : (await PersonKeys.Open(database, person, device.Token, stop))?.GetString();
        if (token is null) return await firebase.LetsUsIn(stop) is { } refused ? Of(refused, false) : new PushTrial(true, false, true, true, null);
        var now = database.Clock.GetUtcNow();
        var words = TemplateBook.Get(Template).En;
        var message = new PushMessage(token, NoticeId.From(Guid.CreateVersion7(now)), words.Subject, words.Lines[0], new Uri("https://example.test"), now.AddMinutes(1));
        return Of(await firebase.Send(message, stop, onlyCheck: true), true);
    }

    private static PushTrial Of(PushAnswer answer, bool hadDevice) =>
        new(true, hadDevice, answer.State is DeliveryState.Sent, answer.Reason is not (DeliveryReasons.NoAnswer or DeliveryReasons.ServerUnavailable), answer.State is DeliveryState.Sent ? null : answer.Reply ?? answer.Reason);
}
