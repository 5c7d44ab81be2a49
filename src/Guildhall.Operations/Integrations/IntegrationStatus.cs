using Guildhall.Files;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace.Calendars;
using Guildhall.Marketplace.Calls;
using Guildhall.Marketplace.Visits.Travel;
using Guildhall.Marketplace.Visits.Weather;
using Guildhall.Messaging;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Push.Firebase;
using Guildhall.Messaging.Voice;
using Guildhall.Money.Gateways;
using Guildhall.Money.Invoices;

namespace Guildhall.Operations.Integrations;

/// <summary>How an outside party is doing.</summary>
public enum IntegrationState
{
    /// <summary>No address or key: the product says so and works without it.</summary>
    NotConfigured,

    /// <summary>Set up, not used since this node started.</summary>
    Configured,

    /// <summary>Answers, and is a simulation or test mode.</summary>
    Sandbox,

    /// <summary>Answers.</summary>
    Live,

    /// <summary>The last call failed.</summary>
    Degraded,

    /// <summary>Nothing gets through.</summary>
    Down,
}

/// <summary>One outside party.</summary>
/// <param name="UsersLose">What people miss in this state; null when nothing.</param>
/// <param name="LastError">For staff; null for everybody else.</param>
public sealed record Integration(string Name, IntegrationState State, string? UsersLose, DateTimeOffset? LastSuccess, DateTimeOffset? LastFailure, string? LastError)
{
    /// <summary>Since when it is degraded or down; null when it is neither. For staff.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>Asks every integration how it does; calls nobody outside.</summary>
public sealed class IntegrationStatus(Database database, MessagingOptions mail, TwilioOptions sms, FirebaseApi push, IEnumerable<IGateway> gateways, PdfStatus pdf, FilesOptions files, UploadParts uploads, ProviderRests rests,
    TravelTimes travel, TurnOptions turn, Forecasts forecasts, ElevenLabs voices)
{
    private const int DownAfter = 5;

    public async Task<IReadOnlyList<Integration>> Read(CancellationToken stop)
    {
        var all = gateways.Select(OfGateway).ToList();
        foreach (var sender in MessagingOptions.AllSenders) all.Add(OfMail(sender, await ChannelStatus.OfMail(database, mail, sender, stop)));
        all.Add(OfSms(await ChannelStatus.OfSms(database, sms, stop)));
        if (sms.WhatsApp is not null) all.Add(OfWhatsApp(await ChannelStatus.OfWhatsApp(database, sms, stop)));
        all.Add(OfPush(await ChannelStatus.OfPush(database, push, stop)));
        all.Add(await OfPdf(stop));
        all.AddRange(await OfFiles(stop));
        if (await CalendarStatus.Read(database, stop) is { Providers: > 0 } calendars) all.Add(OfCalendars(calendars));
        all.Add(OfScanner(await FilesStatus.OfScanner(database, uploads, stop)));
        if (uploads.Takes) all.Add(await OfPictures(stop));
        all.AddRange(OfTravel());
        all.Add(OfTurn());
        all.Add(OfWeather());
        all.Add(OfVoice());
        return all;
    }

    // A gateway is here because it was set up; one that is not has no line.
    private static Integration OfGateway(IGateway gateway)
    {
        var status = gateway.Status;
        var failing = status.LastFailure is { } failure && (status.LastSuccess is not { } success || failure > success);
        var state = !status.Available ? IntegrationState.Down
            : failing ? IntegrationState.Degraded
            : status.LastSuccess is null ? IntegrationState.Configured
            : gateway.Live ? IntegrationState.Live : IntegrationState.Sandbox;
        var lose = state switch
        {
            IntegrationState.Down => "New payments go to the next gateway that the settings name for the currency; where there is none, they are refused for now. Payments under way, refunds and payouts wait and are finished later.",
            IntegrationState.Degraded => "Paying through it may take longer or need a second try. Nothing is charged twice.",
            _ => null,
        };
        return new Integration(gateway.Name, state, lose, status.LastSuccess, status.LastFailure, status.LastError) { Since = SinceOf(state, status.FailingSince ?? status.LastFailure) };
    }

    private async Task<Integration> OfPdf(CancellationToken stop)
    {
        var (works, why, waiting) = await pdf.Read(stop);
        return works
            ? new Integration("pdf", IntegrationState.Live, null, null, null, null)
            : new Integration("pdf", IntegrationState.NotConfigured, $"Invoices are numbered and sent; {waiting} files wait until the renderer is installed.", null, null, why);
    }

    private async Task<IEnumerable<Integration>> OfFiles(CancellationToken stop)
    {
        var places = await FilesStatus.Read(database, uploads, files, stop);
        if (places.Count == 0) return [new Integration("files", IntegrationState.NotConfigured, "Nobody can put files to a booking. Everything else works.", null, null, null)];
        return places.Select(place =>
        {
            var (line, state) = (place.Line, StateOf(place.Line, place is { Name: "s3", IsLocal: true }));
            var lose = state is IntegrationState.Down or IntegrationState.Degraded ? $"Files may not be put in or fetched for now; {place.Waiting} wait to be looked at. Nothing is lost." : null;
            return new Integration(place.Name is "s3" ? "s3" : "files", state, lose, line.LastSuccess, line.LastFailure, line.LastError) { Since = SinceOf(state, line.FailingSince) };
        });
    }

    // Many parties behind one line: it is degraded when a tenth of the providers is withheld, and says how many there are before that.
    private static Integration OfCalendars(CalendarStatus status)
    {
        var state = status.Withheld * 10 >= status.Providers && status.Withheld > 0 ? IntegrationState.Degraded : status.LastSuccess is null ? IntegrationState.Configured : IntegrationState.Live;
        var lose = status.Withheld > 0 ? $"{status.Withheld} of {status.Providers} providers are not offered, since their calendars elsewhere cannot be read. Bookings that were sold stay." : null;
        return new Integration("calendars", state, lose, status.LastSuccess, status.LastFailure, null) { Since = SinceOf(state, status.LastFailure) };
    }

    private static Integration OfScanner(FilesStatus? scanner)
    {
        if (scanner is null) return new Integration("clamav", IntegrationState.NotConfigured, "Files are not looked at for viruses, and each says so.", null, null, null);
        var (line, state) = (scanner.Line, StateOf(scanner.Line, isSandbox: false));
        var lose = state is IntegrationState.Down or IntegrationState.Degraded ? $"{scanner.Waiting} files wait to be looked at; nobody gets them before." : null;
        return new Integration("clamav", state, lose, line.LastSuccess, line.LastFailure, line.LastError) { Since = SinceOf(state, line.FailingSince) };
    }

    // Browsers talk to it, we do not: that it is set up is all that is known here.
    private Integration OfTurn() => turn.IsSetUp
        ? new Integration("turn", IntegrationState.Configured, null, null, null, null)
        : new Integration("turn", IntegrationState.NotConfigured, "Calls connect directly only: behind some company and mobile networks they do not. Everything else works.", null, null, null);

    private Integration OfVoice()
    {
        if (voices.Status is not { } line) return new Integration("elevenlabs", IntegrationState.NotConfigured, "Reminders are not read out. They come by every other way.", null, null, null);
        var state = StateOf(line, voices.IsOnThisMachine);
        var lose = state is IntegrationState.Down or IntegrationState.Degraded ? "Reminders that nobody has heard yet are not read out for now. They come by every other way." : null;
        return new Integration("elevenlabs", state, lose, line.LastSuccess, line.LastFailure, line.LastError) { Since = SinceOf(state, line.FailingSince) };
    }

    private async Task<Integration> OfPictures(CancellationToken stop)
    {
        var (works, why, waiting) = await FilesStatus.OfPictures(database, uploads, stop);
        return works
            ? new Integration("pictures", IntegrationState.Live, null, null, null, null)
            : new Integration("pictures", IntegrationState.NotConfigured, $"Pictures are given to nobody but whoever put them in, since the place where they were taken cannot be removed; {waiting} wait. Other files work.", null, null, why);
    }

    private Integration OfWeather()
    {
        if (forecasts.Status is not { } line) return new Integration("openweather", IntegrationState.NotConfigured, "Visits have no forecast, and say so. Everything else works.", null, null, null);
        var state = StateOf(line, forecasts.IsOnThisMachine);
        var lose = state is IntegrationState.Down or IntegrationState.Degraded ? "Visits show a forecast of up to six hours ago with its age, or none. Everything else works." : null;
        return new Integration("openweather", state, lose, line.LastSuccess, line.LastFailure, line.LastError) { Since = SinceOf(state, line.FailingSince) };
    }

    // The next one answers in its place; who is missed is the last of them.
    private IEnumerable<Integration> OfTravel()
    {
        const string Straight = "Travel times between visits are straight lines at 30 km/h, and say so. Everything else works.";
        var osrm = travel.StatusOf("osrm", out var osrmHere);
        var google = travel.StatusOf("google_routes", out var googleHere);
        yield return Line("google_routes", google, googleHere, osrm is null ? Straight : google is null ? null : "Travel times come from OSRM, without traffic, and say so. Everything else works.");
        yield return Line("osrm", osrm, osrmHere, google is null ? Straight : osrm is null ? null : "While Google does not answer either, travel times are straight lines at 30 km/h, and say so.");

        static Integration Line(string name, PartyStatus? line, bool isSandbox, string? lose)
        {
            if (line is null) return new Integration(name, IntegrationState.NotConfigured, lose, null, null, null);
            var state = StateOf(line, isSandbox);
            return new Integration(name, state, state is IntegrationState.Down or IntegrationState.Degraded ? lose : null, line.LastSuccess, line.LastFailure, line.LastError) { Since = SinceOf(state, line.FailingSince) };
        }
    }

    // A sender that nobody chose is missed by nobody while another does the work.
    private Integration OfMail(string sender, ChannelStatus status)
    {
        var state = StateOf(sender, status, mail.IsOnThisMachine(sender));
        var next = mail.Senders.SkipWhile(s => s != sender).Skip(1).FirstOrDefault();
        var lose = state switch
        {
            IntegrationState.NotConfigured => mail.CanMail ? null : "No e-mail is sent: no confirmations, no codes. The inbox works.",
            IntegrationState.Down or IntegrationState.Degraded => next is null
                ? $"{status.Waiting} e-mails wait and go out when the mail server answers again. The inbox works."
                : $"E-mails that it does not take go by {next}. {status.Waiting} wait, or nobody knows what became of them. The inbox works.",
            _ => null,
        };
        return new Integration(sender, state, lose, status.LastSuccess, status.LastFailure, status.LastError) { Since = SinceOf(state, status.FailingSince) };
    }

    private Integration OfSms(ChannelStatus status)
    {
        var state = StateOf("twilio", status, sms.Api.IsLoopback);
        var lose = state switch
        {
            IntegrationState.NotConfigured => "No text message is sent: nobody can confirm a phone number or sign in with one. Everything else works.",
            IntegrationState.Down or IntegrationState.Degraded => "Codes by text message may come late or not at all. Other ways of signing in work.",
            _ => null,
        };
        return new Integration("twilio", state, lose, status.LastSuccess, status.LastFailure, status.LastError) { Since = SinceOf(state, status.FailingSince) };
    }

    // Not set up, nobody misses it: the same texts go as text messages, and there is no line.
    private Integration OfWhatsApp(ChannelStatus status)
    {
        var state = StateOf("whatsapp", status, sms.Api.IsLoopback);
        var lose = state is IntegrationState.Down or IntegrationState.Degraded ? "What WhatsApp surely does not take goes as a text message; a code may come late." : null;
        return new Integration("whatsapp", state, lose, status.LastSuccess, status.LastFailure, status.LastError) { Since = SinceOf(state, status.FailingSince) };
    }

    private Integration OfPush(ChannelStatus status)
    {
        var state = StateOf("firebase", status, push.IsOnThisMachine);
        var lose = state switch
        {
            IntegrationState.NotConfigured => "Nothing is pushed to phones. The inbox and e-mail work.",
            IntegrationState.Down or IntegrationState.Degraded => $"{status.Waiting} push messages wait for at most a day. The inbox and e-mail work.",
            _ => null,
        };
        return new Integration("firebase", state, lose, status.LastSuccess, status.LastFailure, status.LastError) { Since = SinceOf(state, status.FailingSince) };
    }

    private static DateTimeOffset? SinceOf(IntegrationState state, DateTimeOffset? since) => state is IntegrationState.Down or IntegrationState.Degraded ? since : null;

    private static IntegrationState StateOf(PartyStatus line, bool isSandbox) => !line.Available ? IntegrationState.Down
        : line.FailingSince is not null ? IntegrationState.Degraded
        : line.LastSuccess is null ? IntegrationState.Configured
        : isSandbox ? IntegrationState.Sandbox : IntegrationState.Live;

    // What every node saw, and whether this one leaves it alone for now.
    private IntegrationState StateOf(string name, ChannelStatus status, bool isSandbox) => !status.Configured ? IntegrationState.NotConfigured
        : status.FailuresInARow >= DownAfter || rests.Rests(name) ? IntegrationState.Down
        : status.FailuresInARow > 0 ? IntegrationState.Degraded
        : status.LastSuccess is null ? IntegrationState.Configured
        : isSandbox ? IntegrationState.Sandbox : IntegrationState.Live;
}
