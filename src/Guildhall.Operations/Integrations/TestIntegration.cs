using System.Diagnostics;
using Guildhall.Files;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity;
using Guildhall.Identity.Phones;
using Guildhall.Marketplace.Visits.Travel;
using Guildhall.Marketplace.Visits.Weather;
using Guildhall.Messaging;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Push;
using Guildhall.Messaging.Push.Firebase;
using Guildhall.Messaging.Voice;
using Guildhall.Money.Gateways;
using Guildhall.Money.Invoices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Integrations;

/// <summary>What came of a test.</summary>
public enum TestOutcome
{
    /// <summary>The other side answered, or took the message.</summary>
    Works,

    /// <summary>The other side said no.</summary>
    Refused,

    /// <summary>Nobody answered, or nothing that can be read.</summary>
    NoAnswer,

    /// <summary>The message has not been tried yet; its delivery tells later.</summary>
    Waiting,

    /// <summary>Not set up: nothing was tried.</summary>
    NotConfigured,

    /// <summary>Set up, and others do its work: it was not asked.</summary>
    NotAsked,
}

/// <summary>Staff try an integration in earnest and without harm: a mail to their own address, a text message to their own phone, a question to a gateway that changes
/// nothing. No transaction is open meanwhile. What came of it is answered as it is, and noted.</summary>
public static class TestIntegration
{
    public const string Page = "/console/integrations";
    private const string Order = "GUILDHALL_MAIL_SENDERS";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <param name="Reason">The other side's word or ours, for whoever mends it; null when it works.</param>
    /// <param name="Delivery">The message that was sent, when there is one.</param>
    public sealed record View(string Name, TestOutcome Outcome, string Says, string? Reason, long Milliseconds, DeliveryId? Delivery);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/integrations/{name}/actions/test", async (string name, Caller caller, Database database, IntegrationTests parts, CancellationToken stop) => (await Run(database, parts, caller, name, stop)).ToHttp())
        .WithName(nameof(TestIntegration)).Requires(OperationsPermissions.HealthView).Limited(RateClass.Money).Produces<View>();

    public static async Task<Result<View>> Run(Database database, IntegrationTests parts, Caller caller, string name, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        Result<View> tried = name switch
        {
            "smtp" or "sendgrid" or "ses" => await Mail(database, parts.Mail, caller, name, stop),
            "twilio" => await Text(database, parts, caller, name, stop),
            "whatsapp" => new View("", TestOutcome.NotAsked, "Nothing was sent: WhatsApp takes approved templates only. Name a text in the setting messaging.whatsapp_texts and have that one sent.", null, 0, null),
            "firebase" => await Push(database, parts.Push, caller, stop),
            "pdf" => await Pdf(parts.Pdf, stop),
            "google_routes" or "osrm" => await Travel(parts.Travel, name, stop),
            "elevenlabs" => await Speak(parts.Voices, stop),
            "pictures" => await Pictures(database, parts, stop),
            "openweather" => await Weather(parts.Weather, stop),
            "files" => await Files(parts, name, stop),
            "clamav" => await Scanner(parts, stop),
            "s3" when parts.Places.S3 is not null => await Files(parts, name, stop),
            _ => parts.Gateways.Find(name) is { } gateway ? await Gateway(gateway, stop) : OperationsRefusals.IntegrationNotFound,
        };
        if (!tried.Is(out var found, out var refusal)) return refusal;
        var view = found with { Name = name, Milliseconds = (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds };
        await database.InTransaction(tx => tx.Audit(caller, "integration.tested", "integration", name, after: new { view.Outcome, view.Reason, view.Delivery }), CancellationToken.None);
        return view;
    }

    // A mail goes the way of every mail: to the first in the order, and to the next when that one surely has not taken it. It is a test of whoever has carried it.
    private static async Task<Result<View>> Mail(Database database, MessagingOptions mail, Caller caller, string name, CancellationToken stop)
    {
        if (mail.CanMail && !mail.SetUp.Contains(name)) return new View("", TestOutcome.NotConfigured, "Nothing was sent: it is not set up.", null, 0, null);
        if (mail.CanMail && !mail.Senders.Contains(name)) return new View("", TestOutcome.NotAsked, $"Nothing was sent: {Order} does not name it.", null, 0, null);
        var sent = await database.InTransaction(async tx =>
        {
            var delivery = await TestMessage.Mail(tx, caller.AccountId!.Value, Page);
            await tx.Audit(caller, "integration.test_sent", "integration", name, after: new { delivery });
            return delivery;
        }, stop);
        var view = await Outcome(database, sent, "A mail to your own address", stop);
        return await TestMessage.Sender(database, sent, stop) is { } sender && sender != name
            ? view with { Outcome = TestOutcome.NotAsked, Says = $"{view.Says} It went by {sender}, not by this one: put it first in {Order} to try it." } : view;
    }

    private static async Task<Result<View>> Text(Database database, IntegrationTests parts, Caller caller, string name, CancellationToken stop)
    {
        if (!(await ReadPhone.Run(parts.Identity, caller, stop)).Is(out var own, out var refusal)) return refusal;
        if (own.Phone is not { } number) return OperationsRefusals.TestNeedsPhone;
        return await Outcome(database, await database.InTransaction(async tx =>
        {
            var delivery = await TestMessage.Text(tx, caller.AccountId!.Value, number);
            await tx.Audit(caller, "integration.test_sent", "integration", name, after: new { delivery });
            return delivery;
        }, stop), "A text message to your own phone", stop);
    }

    private static async Task<View> Outcome(Database database, DeliveryId delivery, string what, CancellationToken stop)
    {
        var entry = await TestMessage.Outcome(database, delivery, Patience, stop);
        var (outcome, says) = entry switch
        {
            { State: DeliveryState.Sent } => (TestOutcome.Works, $"{what} was taken. Look whether it arrives."),
            { Reason: "EMAIL_NOT_CONFIGURED" or "SMS_NOT_CONFIGURED" } => (TestOutcome.NotConfigured, "Nothing was sent: it is not set up."),
            { State: DeliveryState.Suppressed } => (TestOutcome.Refused, "Nothing was sent: your own address is on the list of addresses that nothing is sent to. Have it taken off there."),
            { State: DeliveryState.Failed } => (TestOutcome.Refused, $"{what} was not taken."),
            { State: DeliveryState.Unknown } => (TestOutcome.NoAnswer, $"{what} was handed over and nobody answered."),
            { Reason: not null } => (TestOutcome.NoAnswer, $"{what} was not taken yet; it is tried again."),
            _ => (TestOutcome.Waiting, $"{what} waits for its turn. Look here again in a minute."),
        };
        return new View("", outcome, says, entry.Reason, 0, delivery);
    }

    // They look at the message and send nothing; without a device of one's own, whether they know our key.
    private static async Task<View> Push(Database database, FirebaseApi firebase, Caller caller, CancellationToken stop)
    {
        var tried = await PushTrial.Run(database, firebase, caller.AccountId!.Value, stop);
        var (outcome, says) = tried switch
        {
            { Configured: false } => (TestOutcome.NotConfigured, "Nothing was tried: it is not set up."),
            { Works: true, HadDevice: true } => (TestOutcome.Works, "It would take a message to your newest device. None was sent."),
            { Works: true } => (TestOutcome.Works, "It let us in. No device of yours has registered, so no message was tried."),
            { Answered: true } => (TestOutcome.Refused, "It answered and said no. Look at the key file and the project."),
            _ => (TestOutcome.NoAnswer, "It gave no answer that can be used. Look at the address and the network."),
        };
        return new View("", outcome, says, tried.Why, 0, null);
    }

    private static async Task<View> Pdf(PdfStatus pdf, CancellationToken stop)
    {
        var (works, why) = await pdf.Try(stop);
        return works ? new View("", TestOutcome.Works, "A page was rendered.", null, 0, null) : new View("", TestOutcome.NotConfigured, "No page could be rendered.", why, 0, null);
    }

    private static async Task<View> Scanner(IntegrationTests parts, CancellationToken stop) => parts.Places.Scanner is null
        ? new View("", TestOutcome.NotConfigured, "Nothing was tried: it is not set up.", null, 0, null)
        : await FilesStatus.TryScanner(parts.Files, stop) is { } why ? new View("", TestOutcome.NoAnswer, "It did not tell harmless words from the test string of EICAR.", why, 0, null)
        : new View("", TestOutcome.Works, "It told harmless words from the test string of EICAR.", null, 0, null);

    private static async Task<View> Travel(TravelTimes travel, string name, CancellationToken stop) => travel.StatusOf(name, out _) is null
        ? new View("", TestOutcome.NotConfigured, "Nothing was tried: it is not set up.", null, 0, null)
        : await travel.Try(name, stop) ? new View("", TestOutcome.Works, "It told how long a short way takes.", null, 0, null)
        : new View("", TestOutcome.NoAnswer, "It did not tell how long a short way in Kuwait City takes. Look at the key and the address, and whether it knows those streets.", travel.StatusOf(name, out _)?.LastError, 0, null);

    private static async Task<View> Speak(ElevenLabs voices, CancellationToken stop) => !voices.IsConfigured
        ? new View("", TestOutcome.NotConfigured, "Nothing was tried: it is not set up.", null, 0, null)
        : await voices.Try(stop) ? new View("", TestOutcome.Works, "It read one word out.", null, 0, null)
        : new View("", TestOutcome.NoAnswer, "It did not read a word out. Look at the key, the voice and what is left of the month's letters.", voices.Status?.LastError, 0, null);

    private static async Task<View> Pictures(Database database, IntegrationTests parts, CancellationToken stop) => await FilesStatus.OfPictures(database, parts.Files, stop, now: true) is (false, var why, _)
        ? new View("", TestOutcome.NotConfigured, "No picture could be made.", why, 0, null) : new View("", TestOutcome.Works, "A picture was made.", null, 0, null);

    private static async Task<View> Weather(Forecasts forecasts, CancellationToken stop) => forecasts.Status is null
        ? new View("", TestOutcome.NotConfigured, "Nothing was tried: it is not set up.", null, 0, null)
        : await forecasts.Try(stop) ? new View("", TestOutcome.Works, "It told the weather in Kuwait City.", null, 0, null)
        : new View("", TestOutcome.NoAnswer, "It did not tell the weather in Kuwait City. Look at the key and whether its subscription is One Call.", forecasts.Status.LastError, 0, null);

    private static async Task<View> Files(IntegrationTests parts, string name, CancellationToken stop) => parts.Places.Folder is null && name is "files"
        ? new View("", TestOutcome.NotConfigured, "Nothing was tried: it is not set up.", null, 0, null)
        : await FilesStatus.Try(parts.Files, name is "s3" ? "s3" : "disk", stop) is { } why ? new View("", TestOutcome.NoAnswer, "A few bytes could not be put, read and removed.", why, 0, null)
        : new View("", TestOutcome.Works, "A few bytes were put, read and removed.", null, 0, null);

    private static async Task<Result<View>> Gateway(IGateway gateway, CancellationToken stop) => await gateway.Ask(stop) switch
    {
        GatewayAnswer<string>.Accepted(var what) => new View("", TestOutcome.Works, $"It answered our question: {what}.", null, 0, null),
        GatewayAnswer<string>.Refused(var code, var text) => new View("", TestOutcome.Refused, "It answered and said no. Look at the key and the address.", $"{code} {text}".TrimEnd(), 0, null),
        GatewayAnswer<string>.Unknown(var why) => new View("", TestOutcome.NoAnswer, "It gave no answer that can be used. Look at the key, the address and the network.", why, 0, null),
        _ => throw new InvalidOperationException("There is no other answer."),
    };
}

/// <summary>What can be tested.</summary>
public sealed record IntegrationTests(GatewayBook Gateways, PdfStatus Pdf, IdentityParts Identity, UploadParts Files, FilesOptions Places, MessagingOptions Mail, FirebaseApi Push, TravelTimes Travel, Forecasts Weather, ElevenLabs Voices);
