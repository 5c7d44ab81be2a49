using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Gateways;

/// <summary>A message of a gateway, or what a browser or somebody without proof brought. <c>Raw</c> is shown of one message only.</summary>
public sealed record WebhookView(long Id, string Gateway, string EventId, string Type, string Proof, string State, string? Note, PaymentId? Payment, string? Sender, DateTimeOffset ReceivedAt, DateTimeOffset? DoneAt, string? Raw = null);

/// <summary>The inbox, newest first, for staff, with how many wait for a person. Keyset: pass the last id as <c>after</c>.</summary>
public static class ListWebhooks
{
    public const int PageSize = 50;

    public sealed record Page(IReadOnlyList<WebhookView> Messages, long Unmatched, long? Next);

    private sealed record Row(long Id, string Gateway, string EventId, string Type, string Proof, string State, string? Note, PaymentId? PaymentId, string? Sender, DateTimeOffset ReceivedAt, DateTimeOffset? DoneAt)
    {
        public WebhookView ToView() => new(Id, Gateway, EventId, Type, Proof, State, Note, PaymentId, Sender, ReceivedAt, DoneAt);
    }

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/webhooks-received", async (string? state, string? proof, long? after, Database database, CancellationToken stop) => Results.Ok(await Run(database, state, proof, after, stop)))
            .WithName(nameof(ListWebhooks)).Requires(MoneyPermissions.PaymentView).Produces<Page>();
        admin.MapGet("/webhooks-received/{id:long}", async (long id, Database database, CancellationToken stop) => (await One(database, id, stop)).ToHttp())
            .WithName("ReadWebhook").Requires(MoneyPermissions.PaymentView).Produces<WebhookView>();
    }

    public static async Task<Page> Run(Database database, string? state, string? proof, long? after, CancellationToken stop)
    {
        var rows = await database.List<Row>($"{Select} where (@state is null or state = @state) and (@proof is null or proof = @proof) and (@after is null or id < @after) order by id desc limit @limit",
            new { state, proof, after, limit = PageSize + 1 }, stop);
        var unmatched = await database.Find<long>("select count(*) from money.webhooks where state = 'unmatched' and proof = 'proven'", stop: stop);
        return new Page([.. rows.Take(PageSize).Select(r => r.ToView())], unmatched, rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }

    public static async Task<Result<WebhookView>> One(Database database, long id, CancellationToken stop)
    {
        if (await database.Find<Row>($"{Select} where id = @id", new { id }, stop) is not { } row) return MoneyRefusals.WebhookNotFound;
        var body = await database.Find<byte[]>("select body from money.webhooks where id = @id", new { id }, stop);
        return row.ToView() with { Raw = Encoding.UTF8.GetString(body ?? []) };
    }

    private const string Select = "select id, gateway, event_id, type, proof, state, note, payment_id, host(sender) as sender, received_at, done_at from money.webhooks";
}

/// <summary>Reads a proven message again that led to nothing: its payment may be known by now.</summary>
public static class ReplayWebhook
{
    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/webhooks-received/{id:long}/actions/replay", async (long id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp(success: 202))
        .WithName(nameof(ReplayWebhook)).Requires(MoneyPermissions.PaymentResolve).Idempotent().Produces<WebhookView>(202);

    public static async Task<Result<WebhookView>> Run(Database database, Caller caller, long id, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (await tx.Find<long?>("select id from money.webhooks where id = @id", new { id }) is null) return MoneyRefusals.WebhookNotFound;
            if (await tx.ChangeNow(Again, new { id }) == 0) return MoneyRefusals.WebhookNotReplayable;
            await tx.Enqueue(new ProcessWebhook(id), uniqueKey: id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await tx.Audit(caller, "webhook.replayed", "webhook", id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            return default(Done);
        }, stop);
        return done.Granted ? await ListWebhooks.One(database, id, stop) : done.Refusal;
    }

    private const string Again = """
        update money.webhooks set state = 'received', note = null, done_at = null where id = @id and proof = 'proven' and state in ('unmatched', 'ignored')
        """;
}

/// <summary>Whether gateways tell us of things we do not know, or at times that are not ours: for health.</summary>
public static class GatewayDoubts
{
    /// <summary>How often lately, and from how many on it deserves a look. <c>SecondsOff</c> is that of the last message.</summary>
    public sealed record Doubts(long Unmatched, long UnmatchedFrom, long OutOfTime, long OutOfTimeFrom, long SecondsOff);

    private sealed record Counts(long Unmatched, long OutOfTime, long SecondsOff);

    public static Task<Doubts> Read(Database database, CancellationToken stop) => database.InTransaction(async tx =>
    {
        var counts = await tx.Get<Counts>(Count, new { day = tx.Now.AddDays(-1), quarter = tx.Now.AddMinutes(-15) });
        return new Doubts(counts.Unmatched, await tx.Setting(MoneySettings.UnmatchedAlert), counts.OutOfTime, await tx.Setting(MoneySettings.ClockDoubtAlert), counts.SecondsOff);
    }, stop);

    private const string Count = """
        select (select count(*) from money.webhooks where state = 'unmatched' and proof = 'proven' and received_at >= @day) as unmatched,
            (select coalesce(sum(count), 0)::bigint from money.clock_doubts where since >= @quarter) as out_of_time,
            coalesce((select seconds_off from money.clock_doubts order by since desc limit 1), 0) as seconds_off
        """;
}
