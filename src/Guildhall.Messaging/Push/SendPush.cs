using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Messaging.Bursts;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Push.Firebase;
using Guildhall.Messaging.Templates;
using Guildhall.Messaging.Templates.Editing;
using Microsoft.Extensions.Logging;

namespace Guildhall.Messaging.Push;

/// <summary>queued → sending → sent, failed, or unknown. The attempt is committed before the provider is called. Only what it surely did not take is tried again; a lost answer
/// stays <c>unknown</c> for good: it knows no key for repeats, tells nothing afterwards, and the notice is in the inbox anyway.</summary>
internal sealed record SendPush(DeliveryId Delivery) : IJob
{
    public static string Kind => "send_push";

    private const int MostTitle = 100, MostText = 240;

    private sealed record Waiting(DeliveryState State, int Attempts);

    private readonly record struct Step(Started? Go, TimeSpan? Wait = null);

    private sealed record Started(int Attempt, Guid PersonId, string Template, NoticeId NoticeId, JsonElement Facts, int? TemplateVersion, JsonElement? Words,
        Guid Device, byte[]? Token, string? DisplayName, string? Language, DateTimeOffset UsefulUntil);

    public static async Task Run(JobContext context, SendPush job)
    {
        if (context.Get<FirebaseApi>().RestsFor is { } rest) throw new RunAgainException(rest);
        var step = await context.Database.InTransaction(tx => Start(tx, job.Delivery), context.Stop);
        if (step.Wait is { } quiet) throw new RunAgainException(quiet);
        if (step.Go is not { } started) return;
        var answer = await Try(context, job.Delivery, started);
        var again = answer.State is DeliveryState.Queued && (answer.RetryAfter is not null || context.Attempt < context.MaxAttempts);
        var final = answer.State is DeliveryState.Queued && !again ? DeliveryState.Failed : answer.State;
        await context.Database.InTransaction(async tx =>
        {
            if (answer.GoneToken is { } gone) await PushDevices.Gone(tx, started.Device, gone);
            await Become(tx, job.Delivery, DeliveryState.Sending, final, started.Attempt, answer.Reason, answer.Reply, answer.Ref);
        }, CancellationToken.None);
        context.Get<ILogger<FirebaseApi>>().LogInformation("push_{State} {Delivery} {Template} {Attempt} {Reason}", Names.Of(final), job.Delivery, started.Template, started.Attempt, answer.Reason);
        if (!again) return;
        throw answer.RetryAfter is { } wait ? new RunAgainException(wait) : new PushNotSentException(answer.Reason ?? "");
    }

    private static async Task<Step> Start(Transaction tx, DeliveryId delivery)
    {
        if (await tx.Find<Waiting>("select state, attempts from messaging.deliveries where id = @delivery and channel = 'push' for update", new { delivery }) is not { } was) return default;
        if (was.State is DeliveryState.Sending) // the worker stopped between the call and its record: it may have been sent
            await Become(tx, delivery, was.State, DeliveryState.Unknown, was.Attempts, DeliveryReasons.WorkerStopped, null, null);
        if (was.State is not DeliveryState.Queued) return default;
        if (await MayGo.Ask(tx, delivery) is { } held) return new Step(null, held.Wait);
        var started = await tx.Get<Started>(ReadSql, new { delivery });
        await tx.ChangeOne(StartSql, new { delivery, version = started.TemplateVersion ?? 0, now = tx.Now });
        return new Step(started);
    }

    private static async Task<PushAnswer> Try(JobContext context, DeliveryId delivery, Started started)
    {
        var firebase = context.Get<FirebaseApi>();
        if (!firebase.IsConfigured) return new PushAnswer(DeliveryState.Failed, DeliveryReasons.PushNotConfigured);
        if (started.Token is null) return new PushAnswer(DeliveryState.Failed, DeliveryReasons.DeviceGone);
        if (started.DisplayName is null) return new PushAnswer(DeliveryState.Failed, DeliveryReasons.RecipientUnknown);
        if (await PersonKeys.Open(context.Database, started.PersonId, started.Token, context.Stop) is not { } opened || opened.GetString() is not { } token) return new PushAnswer(DeliveryState.Failed, DeliveryReasons.FactsForgotten);
        // A session that ran out ends by nobody's hand: nobody has taken its token away yet.
        if (!await context.Get<StreamGuard>().IsStillSignedIn(new Caller { Kind = CallerKind.Person, AccountId = started.PersonId, SessionId = started.Device }, context.Stop))
            return new PushAnswer(DeliveryState.Failed, DeliveryReasons.DeviceGone, GoneToken: token);
        if (started.Facts.Deserialize<Dictionary<string, string>>() is not { Count: > 0 } facts) return new PushAnswer(DeliveryState.Failed, DeliveryReasons.FactsForgotten);
        if (started.Template is Burst.Digest && await Burst.Facts(context.Database, delivery, started.DisplayName, started.Language!, context.Stop) is { } gathered) facts = gathered;
        facts["name"] = started.DisplayName;
        var template = EditedWords.Apply(TemplateBook.Get(started.Template), started.Words);
        if (Rendering.Missing(template, started.Language!, facts)) return new PushAnswer(DeliveryState.Failed, DeliveryReasons.TemplateBroken);
        var (title, text) = Rendering.Notice(template, started.Language!, facts);
        var link = new Uri(context.Get<MessagingOptions>().Product, facts.GetValueOrDefault("link", "/"));
        return await firebase.Send(new PushMessage(token, started.NoticeId, Cut(title, MostTitle), Cut(text, MostText), link, started.UsefulUntil), context.Stop);
    }

    internal static string Cut(string text, int most)
    {
        if (text.Length <= most) return text;
        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end] + "…";
    }

    private static async Task Become(Transaction tx, DeliveryId delivery, DeliveryState from, DeliveryState to, int attempt, string? reason, string? reply, string? reference)
    {
        if (await tx.ChangeNow(BecomeSql, new { delivery, was = from, to, attempt, reason, reference, now = tx.Now }) == 1) await DeliveryLog.Add(tx, delivery, attempt, to, reason, reply);
    }

    private const string ReadSql = """
        select d.attempts + 1 as attempt, d.person_id, d.template, d.notice_id, n.facts::text as facts, v.version as template_version, v.words::text as words, d.device, p.token, r.display_name, r.language, d.useful_until
        from messaging.deliveries d join messaging.notices n on n.id = d.notice_id left join messaging.recipients r on r.person_id = d.person_id
            left join messaging.push_devices p on p.session_id = d.device and p.person_id = d.person_id
            left join messaging.templates_in_force f on f.template = d.template left join messaging.template_versions v on v.template = f.template and v.version = f.version
        where d.id = @delivery
        """;

    private const string StartSql = """
        update messaging.deliveries set state = 'sending', sender = 'firebase', template_version = @version, attempts = attempts + 1, changed_at = @now where id = @delivery and state = 'queued'
        """;

    private const string BecomeSql = """
        update messaging.deliveries set state = @to, reason = @reason, changed_at = @now, sent_at = case when @to = 'sent' then @now end, provider_ref = coalesce(provider_ref, @reference)
        where id = @delivery and state = @was and attempts = @attempt
        """;
}

/// <summary>Puts the job back with its backoff.</summary>
internal sealed class PushNotSentException(string reason) : Exception($"Not sent: {reason}");
