using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Templates;
using Microsoft.Extensions.Logging;

namespace Guildhall.Messaging.Email;

/// <summary>queued → sending → sent, failed, or unknown. The attempt is committed before the server is called and its answer after; a silent
/// server leaves <c>unknown</c>, and the mail is sent again under the same Message-ID, since a mail twice is better than none.</summary>
internal sealed record SendMail(DeliveryId Delivery) : IJob
{
    public static string Kind => "send_mail";

    /// <summary>The fact that names another address than the recipient's own.</summary>
    public const string To = "to";

    private sealed record Started(int Attempt, Guid PersonId, string Template, JsonElement? Facts, byte[]? Secrets, string? Email, string? DisplayName, string? Language);

    public static async Task Run(JobContext context, SendMail job)
    {
        var (options, database) = (context.Get<MessagingOptions>(), context.Database);
        var started = await database.InTransaction(tx => Start(tx, job.Delivery), context.Stop);
        if (started is null) return;
        var (state, reason, reply) = await Try(context, options, job.Delivery, started);
        var last = context.Attempt >= context.MaxAttempts;
        var final = state == DeliveryState.Queued && last ? DeliveryState.Failed : state;
        await database.InTransaction(tx => DeliveryLog.Record(tx, job.Delivery, started.Attempt, final, reason, reply), CancellationToken.None);
        context.Get<ILogger<MessagingOptions>>().LogInformation("mail_{State} {Delivery} {Template} {Attempt} {Reason}",
            Names.Of(final), job.Delivery, started.Template, started.Attempt, reason);
        if (state is DeliveryState.Queued or DeliveryState.Unknown) throw new MailNotSentException(reason ?? "");
    }

    private static async Task<Started?> Start(Transaction tx, DeliveryId delivery)
    {
        var was = await tx.Find<DeliveryState?>("select state from messaging.deliveries where id = @delivery for update", new { delivery });
        if (was is null or DeliveryState.Sent) return null;
        var started = await tx.Get<Started>(ReadSql, new { delivery });
        if (was is DeliveryState.Sending)
            await DeliveryLog.Add(tx, delivery, started.Attempt - 1, DeliveryState.Unknown, DeliveryReasons.WorkerStopped, null);
        await tx.ChangeOne(StartSql, new { delivery, now = tx.Now });
        return started;
    }

    private static async Task<(DeliveryState State, string? Reason, string? Reply)> Try(JobContext context, MessagingOptions options, DeliveryId delivery, Started started)
    {
        if (!options.CanMail) return (DeliveryState.Failed, DeliveryReasons.EmailNotConfigured, null);
        if (started.Email is null) return (DeliveryState.Failed, DeliveryReasons.RecipientUnknown, null);
        if (await Facts(context, started) is not { } facts) return (DeliveryState.Failed, DeliveryReasons.FactsForgotten, null);

        facts["name"] = started.DisplayName!;
        var address = facts.GetValueOrDefault(To, started.Email);
        var message = Rendering.Mail(TemplateBook.Get(started.Template), started.Language!, facts, options.Product);
        string text;
        try { text = MailText.Compose(delivery, options.From, address, started.DisplayName!, context.Database.Clock.GetUtcNow(), message); }
        catch (FormatException) { return (DeliveryState.Failed, DeliveryReasons.AddressMalformed, null); }
        var (outcome, reply) = await SmtpSession.Send(options.Smtp!, options.From, address, text, context.Stop);
        return outcome switch
        {
            MailOutcome.Accepted => (DeliveryState.Sent, null, reply),
            MailOutcome.Refused => (DeliveryState.Failed, DeliveryReasons.RefusedByServer, reply),
            MailOutcome.Deferred => (DeliveryState.Queued, DeliveryReasons.ServerUnavailable, reply),
            MailOutcome.Unknown => (DeliveryState.Unknown, DeliveryReasons.NoAnswer, reply),
        };
    }

    private static async Task<Dictionary<string, string>?> Facts(JobContext context, Started started)
    {
        var facts = started.Secrets is null ? started.Facts : await PersonKeys.Open(context.Database, started.PersonId, started.Secrets, context.Stop);
        return facts?.Deserialize<Dictionary<string, string>>();
    }

    private const string ReadSql = """
        select d.attempts + 1 as attempt, d.person_id, d.template, n.facts::text as facts, d.secrets, r.email, r.display_name, r.language
        from messaging.deliveries d left join messaging.notices n on n.id = d.notice_id left join messaging.recipients r on r.person_id = d.person_id
        where d.id = @delivery
        """;

    private const string StartSql = """
        update messaging.deliveries set state = 'sending', attempts = attempts + 1, sent_at = null, changed_at = @now
        where id = @delivery and state <> 'sent'
        """;
}

/// <summary>Puts the job back with its backoff.</summary>
internal sealed class MailNotSentException(string reason) : Exception($"Not sent: {reason}");
