using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Messaging.Bursts;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Preferences;
using Guildhall.Messaging.Push;
using Guildhall.Messaging.Sms;
using Guildhall.Messaging.Suppressions;
using Guildhall.Messaging.Templates;
using Guildhall.Messaging.Templates.Editing;
using Microsoft.Extensions.Logging;

namespace Guildhall.Messaging.Email;

/// <summary>queued → sending → sent, failed, suppressed, or unknown. The senders are tried in their order; the next one only when the last surely did not take the message. Each attempt
/// is committed before its sender is called and its answer after. A lost answer leaves <c>unknown</c> and binds the message to that sender: one that keeps our Message-ID
/// gets it again, since a mail twice is better than none; any other does not, and a later word of its own settles it. A reminder stays unknown: twice is worse.</summary>
internal sealed record SendMail(DeliveryId Delivery) : IJob
{
    public static string Kind => "send_mail";

    /// <summary>The fact that names another address than the recipient's own.</summary>
    public const string To = "to";

    private sealed record Was(DeliveryState State, int Attempts, string? Sender, string? Doubt, string Template)
    {
        public bool IsOnce => TemplateBook.Find(Template) is { IsOnce: true };
    }

    private sealed record Started(int Attempt, Guid PersonId, string Template, JsonElement? Facts, byte[]? Secrets, MessageCategory? Category, int? TemplateVersion, JsonElement? Words, string? Email, string? DisplayName, string? Language);

    private readonly record struct Step(Started? Go, TimeSpan? Wait = null);

    private readonly record struct Result(DeliveryState State, string? Reason = null, string? Reply = null, string? Ref = null, Blame? Blame = null, TimeSpan? Rests = null);

    public static async Task Run(JobContext context, SendMail job)
    {
        var senders = context.Get<MailSenders>();
        if (await context.Database.InTransaction(tx => Look(tx, job.Delivery, senders, context.Get<MessagingOptions>().Product), context.Stop) is not { } was) return;
        IMailSender?[] tried = senders.InUse.Count == 0 && was.Doubt is null ? [null] : [.. senders.Allowed(was.Doubt)];
        // Who has not answered lately is left alone; when that is everybody, the mail waits, and it costs none of its attempts.
        IMailSender?[] awake = [.. tried.Where(sender => sender?.RestsFor is null)];
        if (awake.Length == 0 && tried.Length > 0) throw new RunAgainException(tried.Min(sender => sender!.RestsFor) ?? TimeSpan.Zero);
        var again = (Result?)null;
        for (var i = 0; i < awake.Length; i++)
        {
            var isLast = i == awake.Length - 1;
            var result = await Attempt(context, job.Delivery, awake[i], was.IsOnce, isLast && context.Attempt >= context.MaxAttempts);
            again = result is { State: DeliveryState.Queued } || (result is { State: DeliveryState.Unknown } && awake[i] is { KeepsMessageId: true } && !was.IsOnce) ? result : null;
            if (result is not { State: DeliveryState.Queued } or { Reason: DeliveryReasons.QuietHours }) break;
        }
        if (again is { } unsent) throw unsent.Rests is { } rest ? new RunAgainException(rest) : new MailNotSentException(unsent.Reason ?? "");
    }

    // What an earlier attempt left behind: when its worker stopped, its sender may have the message.
    private static async Task<Was?> Look(Transaction tx, DeliveryId delivery, MailSenders senders, Uri product)
    {
        var was = await tx.Find<Was>("select state, attempts, sender, doubt, template from messaging.deliveries where id = @delivery for update", new { delivery });
        if (was is { Attempts: 0 })
        {
            await TellDevices.Run(tx, delivery);
            await TellNumber.Run(tx, delivery, product);
        }
        if (was is null or { State: DeliveryState.Sent or DeliveryState.Suppressed } or { State: DeliveryState.Unknown, IsOnce: true }) return null;
        if (was.State is not DeliveryState.Sending) return was;
        var sender = was.Sender ?? SmtpSender.Called;
        await tx.ChangeOne(StoppedSql, new { delivery, sender, forget = was.IsOnce || !senders.Allowed(sender).Any(), now = tx.Now });
        await DeliveryLog.Add(tx, delivery, was.Attempts, DeliveryState.Unknown, DeliveryReasons.WorkerStopped, null, sender);
        return was.IsOnce ? null : was with { State = DeliveryState.Unknown, Doubt = sender };
    }

    private static async Task<Result?> Attempt(JobContext context, DeliveryId delivery, IMailSender? sender, bool isOnce, bool isLast)
    {
        var step = await context.Database.InTransaction(tx => Start(tx, delivery, sender?.Name), context.Stop);
        if (step.Wait is { } wait) return new Result(DeliveryState.Queued, DeliveryReasons.QuietHours, Rests: wait);
        if (step.Go is not { } started) return null;
        var result = await Try(context, sender, delivery, started);
        var final = result is { State: DeliveryState.Queued, Rests: null } && isLast ? DeliveryState.Failed : result.State;
        // What is not handed over again needs its secrets no more.
        var forget = final is DeliveryState.Sent or DeliveryState.Suppressed || (final is DeliveryState.Unknown && (isOnce || sender is { KeepsMessageId: false }));
        await context.Database.InTransaction(tx => Record(tx, delivery, started.Attempt, result with { State = final }, sender?.Name, forget), CancellationToken.None);
        context.Get<ILogger<MessagingOptions>>().LogInformation("mail_{State} {Delivery} {Template} {Sender} {Attempt} {Reason}",
            Names.Of(final), delivery, started.Template, sender?.Name, started.Attempt, result.Reason);
        return result;
    }

    private static async Task<Step> Start(Transaction tx, DeliveryId delivery, string? sender)
    {
        var was = await tx.Find<DeliveryState?>("select state from messaging.deliveries where id = @delivery for update", new { delivery });
        if (was is null or DeliveryState.Sent or DeliveryState.Sending or DeliveryState.Suppressed) return default; // told meanwhile, or another run has it
        if (await MayGo.Ask(tx, delivery) is { } held) return new Step(null, held.Wait);
        var started = await tx.Get<Started>(ReadSql, new { delivery });
        await tx.ChangeOne(StartSql, new { delivery, sender, version = started.TemplateVersion ?? 0, now = tx.Now });
        return new Step(started);
    }

    private static async Task<Result> Try(JobContext context, IMailSender? sender, DeliveryId delivery, Started started)
    {
        if (sender is null) return new Result(DeliveryState.Failed, DeliveryReasons.EmailNotConfigured);
        if (started.Email is null) return new Result(DeliveryState.Failed, DeliveryReasons.RecipientUnknown);
        if (await Facts(context, delivery, started) is not { } facts) return new Result(DeliveryState.Failed, DeliveryReasons.FactsForgotten);

        var options = context.Get<MessagingOptions>();
        facts["name"] = started.DisplayName!;
        var address = facts.GetValueOrDefault(To, started.Email);
        try { MailText.Address(address); }
        catch (FormatException) { return new Result(DeliveryState.Failed, DeliveryReasons.AddressMalformed); }
        var template = EditedWords.Apply(TemplateBook.Get(started.Template), started.Words);
        if (await SuppressionList.Check(context.Database, delivery, started.Attempt, SuppressionList.Email, address, template.IsAskedFor, context.Stop) is { } why) return new Result(DeliveryState.Suppressed, why.InLog());
        if (Rendering.Missing(template, started.Language!, facts)) return new Result(DeliveryState.Failed, DeliveryReasons.TemplateBroken);
        var unsubscribe = Unsubscribe.Link(options.Product, delivery, started.Category);
        var message = Rendering.Mail(template, started.Language!, facts, options.Product, unsubscribe);
        var answer = await sender.Send(new OutgoingMail(delivery, options.From, address, started.DisplayName!, context.Database.Clock.GetUtcNow(), message, unsubscribe), context.Stop);
        return answer.Outcome switch
        {
            MailOutcome.Accepted => new Result(DeliveryState.Sent, null, answer.Reply, answer.Ref),
            MailOutcome.Refused => new Result(DeliveryState.Failed, DeliveryReasons.RefusedByServer, answer.Reply, null, answer.AddressRefused ? new Blame(SuppressionReason.Refused, address) : null),
            MailOutcome.Deferred => new Result(DeliveryState.Queued, DeliveryReasons.ServerUnavailable, answer.Reply, Rests: answer.Rests),
            MailOutcome.NotLetIn => new Result(DeliveryState.Queued, DeliveryReasons.NotLetIn, answer.Reply),
            MailOutcome.Unknown => new Result(DeliveryState.Unknown, DeliveryReasons.NoAnswer, answer.Reply),
        };
    }

    private static async Task<Dictionary<string, string>?> Facts(JobContext context, DeliveryId delivery, Started started)
    {
        if (started.Template is Burst.Digest) return await Burst.Facts(context.Database, delivery, started.DisplayName!, started.Language!, context.Stop);
        var facts = started.Secrets is null ? started.Facts : await PersonKeys.Open(context.Database, started.PersonId, started.Secrets, context.Stop);
        return facts?.Deserialize<Dictionary<string, string>>();
    }

    // A word of the sender that came before its answer stays.
    private static async Task Record(Transaction tx, DeliveryId delivery, int attempt, Result result, string? sender, bool forget)
    {
        var changed = await tx.ChangeNow(RecordSql, new { delivery, attempt, result.State, result.Reason, reference = result.Ref, forget, now = tx.Now });
        if (changed == 0) return;
        await DeliveryLog.Add(tx, delivery, attempt, result.State, result.Reason, result.Reply, sender);
        if (result.Blame is { } blame) await SuppressionList.Put(tx, delivery, SuppressionList.Email, sender!, blame);
    }

    private const string ReadSql = """
        select d.attempts + 1 as attempt, d.person_id, d.template, n.facts::text as facts, d.secrets, d.category, v.version as template_version, v.words::text as words, r.email, r.display_name, r.language
        from messaging.deliveries d left join messaging.notices n on n.id = d.notice_id left join messaging.recipients r on r.person_id = d.person_id
            left join messaging.templates_in_force f on f.template = d.template left join messaging.template_versions v on v.template = f.template and v.version = f.version
        where d.id = @delivery
        """;

    private const string StartSql = """
        update messaging.deliveries set state = 'sending', sender = @sender, template_version = @version, attempts = attempts + 1, sent_at = null, changed_at = @now
        where id = @delivery and state not in ('sent', 'sending', 'suppressed')
        """;

    private const string StoppedSql = """
        update messaging.deliveries set state = 'unknown', doubt = @sender, secrets = case when not @forget then secrets end, changed_at = @now
        where id = @delivery and state = 'sending'
        """;

    private const string RecordSql = """
        update messaging.deliveries set state = @state, reason = @reason, changed_at = @now, provider_ref = coalesce(provider_ref, @reference),
            doubt = case when @state = 'unknown' then sender else doubt end,
            sent_at = case when @state = 'sent' then @now end, secrets = case when not @forget then secrets end
        where id = @delivery and state = 'sending' and attempts = @attempt
        """;
}

/// <summary>Puts the job back with its backoff.</summary>
internal sealed class MailNotSentException(string reason) : Exception($"Not sent: {reason}");
