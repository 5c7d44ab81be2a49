using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Sms.Twilio;
using Guildhall.Messaging.Sms.WhatsApp;
using Guildhall.Messaging.Suppressions;
using Guildhall.Messaging.Templates.Editing;
using Microsoft.Extensions.Logging;

namespace Guildhall.Messaging.Sms;

/// <summary>queued → sending → sent, failed, suppressed, or unknown. The attempt is committed before the provider is called. Only what it surely did not take is tried again: it has
/// no key for repeats, and a person who waits for a code asks for a new one. What WhatsApp surely did not take goes as a text message. A lost answer stays <c>unknown</c> until a status of theirs says more.</summary>
internal sealed record SendText(DeliveryId Delivery) : IJob
{
    public static string Kind => "send_text";

    private sealed record Waiting(DeliveryState State, int Attempts, string? Sender, string? Reason);

    private readonly record struct Step(Started? Go, TimeSpan? Wait = null);

    private sealed record Started(int Attempt, Guid PersonId, string Template, byte[] Secrets, string ToHint, string? Language, int? TemplateVersion, JsonElement? Words)
    {
        /// <summary>The template of WhatsApp; null: a text message.</summary>
        public string? Content { get; init; }
    }

    public static async Task Run(JobContext context, SendText job)
    {
        if (context.Get<TwilioApi>().RestsFor is { } rest) throw new RunAgainException(rest);
        var step = await context.Database.InTransaction(tx => Start(tx, job.Delivery, context.Get<TwilioOptions>()), context.Stop);
        if (step.Wait is { } wait) throw new RunAgainException(wait);
        if (step.Go is not { } started) return;
        var answer = await Try(context, job.Delivery, started);
        if (answer.State is DeliveryState.Failed && started.Content is not null) answer = answer with { State = DeliveryState.Queued };
        var again = answer.State is DeliveryState.Queued && (context.Attempt < context.MaxAttempts || answer.Rests is not null);
        var final = answer.State is DeliveryState.Queued && !again ? DeliveryState.Failed : answer.State;
        await context.Database.InTransaction(async tx =>
        {
            var changed = await Become(tx, job.Delivery, DeliveryState.Sending, final, started.Attempt, answer.Reason, answer.Reply, answer.Ref);
            // Also when the provider's word of it was faster than its answer, and it is sent or delivered already.
            if (answer.Parts is { } parts) await tx.Change("update messaging.deliveries set parts = @parts where id = @delivery and attempts = @attempt", new { parts, job.Delivery, started.Attempt });
            if (changed && answer.Blame is { } blame) await SuppressionList.Put(tx, job.Delivery, SuppressionList.Sms, TwilioApi.Called, blame);
        }, CancellationToken.None);
        context.Get<ILogger<TwilioOptions>>().LogInformation("text_{State} {Delivery} {Template} {To} {Attempt} {Reason}",
            Names.Of(final), job.Delivery, started.Template, started.ToHint, started.Attempt, answer.Reason);
        if (again) throw answer.Rests is { } rests ? new RunAgainException(rests) : new TextNotSentException(answer.Reason ?? "");
    }

    private static async Task<Step> Start(Transaction tx, DeliveryId delivery, TwilioOptions twilio)
    {
        if (await tx.Find<Waiting>("select state, attempts, sender, reason from messaging.deliveries where id = @delivery and channel = 'sms' for update", new { delivery }) is not { } was) return default;
        if (was.State is DeliveryState.Sending) // the worker stopped between the call and its record: it may have been sent
            await Become(tx, delivery, was.State, DeliveryState.Unknown, was.Attempts, DeliveryReasons.WorkerStopped, null, null);
        if (was.State is not DeliveryState.Queued) return default;
        if (await MayGo.Ask(tx, delivery) is { } held) return new Step(null, held.Wait);
        var started = await tx.Get<Started>(ReadSql, new { delivery });
        var refused = was is { Sender: ChooseWhatsApp.Called, Attempts: > 0, Reason: not DeliveryReasons.ServerUnavailable };
        var content = await ChooseWhatsApp.Run(tx, twilio.WhatsApp, delivery, started.PersonId, started.ToHint, started.Template, started.Language, refused);
        await tx.ChangeOne(StartSql, new { delivery, sender = content is null ? TwilioApi.Called : ChooseWhatsApp.Called, version = started.TemplateVersion ?? 0, now = tx.Now });
        return new Step(started with { Content = content });
    }

    private static async Task<TextAnswer> Try(JobContext context, DeliveryId delivery, Started started)
    {
        var twilio = context.Get<TwilioApi>();
        if (!twilio.IsConfigured) return new TextAnswer(DeliveryState.Failed, DeliveryReasons.SmsNotConfigured);
        if (await PersonKeys.Open(context.Database, started.PersonId, started.Secrets, context.Stop) is not { } facts) return new TextAnswer(DeliveryState.Failed, DeliveryReasons.FactsForgotten);
        var text = facts.Deserialize<SealedText>(JsonRules.Options)!;
        var (template, callback) = (EditedWords.Apply(TextBook.Get(started.Template), started.Words), ReceiveTwilioStatus.Address(context.Get<MessagingOptions>(), delivery));
        if (started.Content is { } content) return await twilio.SendWhatsApp(text.To, content, [.. template.Facts.Select(f => text.Facts[f])], callback, context.Stop);
        // A landline may have WhatsApp, and STOP to a text message says nothing about it: the list is asked about text messages only.
        if (await SuppressionList.Check(context.Database, delivery, started.Attempt, SuppressionList.Sms, text.To, template.IsAskedFor, context.Stop) is { } why) return new TextAnswer(DeliveryState.Suppressed, why.InLog());
        var body = template.Fill(started.Language ?? "en", text.Facts);
        var answer = await twilio.Send(text.To, body, callback, context.Stop) with { Parts = TextParts.Of(body) };
        return answer.State is DeliveryState.Failed && SuppressionReasons.OfText(answer.Reason) is { } blamed ? answer with { Blame = new Blame(blamed, text.To) } : answer;
    }

    /// <summary>The change of state with its line in the log, if it still is what it was. What was sealed has done its work unless it is tried again.</summary>
    internal static async Task<bool> Become(Transaction tx, DeliveryId delivery, DeliveryState from, DeliveryState to, int attempt, string? reason, string? reply, string? reference)
    {
        var safe = reply is null ? null : Redacted.Numbers(reply);
        if (await tx.ChangeNow(BecomeSql, new { delivery, was = from, to, attempt, reason, reference, now = tx.Now }) == 0) return false;
        await DeliveryLog.Add(tx, delivery, attempt, to, reason, safe);
        return true;
    }

    private const string ReadSql = """
        select d.attempts + 1 as attempt, d.person_id, d.template, d.secrets, d.to_hint, r.language, v.version as template_version, v.words::text as words
        from messaging.deliveries d left join messaging.recipients r on r.person_id = d.person_id
            left join messaging.templates_in_force f on f.template = 'sms.' || d.template left join messaging.template_versions v on v.template = f.template and v.version = f.version
        where d.id = @delivery
        """;

    private const string StartSql = """
        update messaging.deliveries set state = 'sending', sender = @sender, template_version = @version, attempts = attempts + 1, changed_at = @now where id = @delivery and state = 'queued'
        """;

    private const string BecomeSql = """
        update messaging.deliveries set state = @to, reason = @reason, changed_at = @now, sent_at = case when @to = 'sent' then @now end,
            delivered_at = case when @to = 'sent' then delivered_at end, provider_ref = coalesce(provider_ref, @reference), secrets = case when @to = 'queued' then secrets end
        where id = @delivery and state = @was and attempts = @attempt
        """;
}

/// <summary>What came of a try.</summary>
/// <param name="State"><c>Queued</c>: surely not taken, to be tried again.</param>
/// <param name="Ref">The provider's own id of the message.</param>
internal readonly record struct TextAnswer(DeliveryState State, string? Reason = null, string? Reply = null, string? Ref = null, Blame? Blame = null)
{
    /// <summary>Nothing was tried: when to come again.</summary>
    public TimeSpan? Rests { get; init; }

    /// <summary>In how many parts it goes.</summary>
    public int? Parts { get; init; }
}

/// <summary>Puts the job back with its backoff.</summary>
internal sealed class TextNotSentException(string reason) : Exception($"Not sent: {reason}");
