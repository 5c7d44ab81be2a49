using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Disputes;

/// <summary>One dispute for staff: what was answered, what happened, the ledger lines it made.</summary>
public static class ReadDispute
{
    public sealed record View(DisputeView Dispute, IReadOnlyList<Answer> Answers, IReadOnlyList<ReadTimeline.Event> Events, IReadOnlyList<ReadTimeline.LedgerLine> Ledger);

    /// <summary>An answer: sending, unknown (its fate is being asked for), submitted, or refused with the gateway's reason.</summary>
    public sealed record Answer(EvidenceId Id, string State, DisputeEvidence Fields, DateTimeOffset CreatedAt, DateTimeOffset? SubmittedAt, string? FailureText);

    private sealed record AnswerRow(EvidenceId Id, string State, string Fields, DateTimeOffset CreatedAt, DateTimeOffset? SubmittedAt, string? FailureText);
    private sealed record EventRow(DateTimeOffset At, string Kind, string Actor, string? Facts);
    private sealed record LineRow(DateTimeOffset At, string Journal, string Reference, string Account, Currency Currency, long Minor);

    internal static void Map(IEndpointRouteBuilder disputes) => disputes
        .MapGet("/{id}", async (DisputeId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
        .WithName(nameof(ReadDispute)).Requires(MoneyPermissions.PaymentView).Produces<View>();

    public static async Task<Result<View>> Run(Database database, DisputeId id, CancellationToken stop)
    {
        if (await Disputes.Find(database, id, stop) is not { } dispute) return MoneyRefusals.DisputeNotFound;
        var answers = await database.List<AnswerRow>(AnswersSql, new { id }, stop);
        var events = await database.List<EventRow>(EventsSql, new { payment = dispute.PaymentId, name = id.ToString() }, stop);
        var lines = await database.List<LineRow>(LinesSql, new { order = dispute.OrderId, like = $"dispute%:{id}%" }, stop);
        return new View(dispute.ToView(),
            [.. answers.Select(a => new Answer(a.Id, a.State, JsonSerializer.Deserialize<DisputeEvidence>(a.Fields, JsonRules.Options)!, a.CreatedAt, a.SubmittedAt, a.FailureText))],
            [.. events.Select(e => new ReadTimeline.Event(e.At, e.Kind, e.Actor, e.Facts is null ? null : JsonSerializer.Deserialize<JsonElement>(e.Facts)))],
            [.. lines.Select(l => new ReadTimeline.LedgerLine(l.At, l.Journal, l.Reference, l.Account, new Amount(l.Minor, l.Currency)))]);
    }

    private const string AnswersSql = """
        select id, state, fields::text as fields, created_at, submitted_at, failure_text from money.dispute_evidence where dispute_id = @id order by id limit 50
        """;

    private const string EventsSql = """
        select at, kind, actor, facts::text as facts from money.payment_events where payment_id = @payment and facts ->> 'dispute' = @name order by id limit 500
        """;

    private const string LinesSql = """
        select j.posted_at as at, j.kind as journal, j.reference, a.kind as account, a.currency, e.minor
        from money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
        where j.order_id = @order and j.reference like @like order by j.id, e.no limit 500
        """;
}

/// <summary>Disputes for staff: the open ones by deadline, or all of them, newest first. Keyset: pass <c>next</c> as <c>after</c>.</summary>
public static class ListDisputes
{
    public const int PageSize = 50;

    public sealed record Page(IReadOnlyList<DisputeView> Disputes, string? Next);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/", async (string? state, DisputeId? after, Database database, CancellationToken stop) => Results.Ok(await Run(database, state, after, stop)))
        .WithName(nameof(ListDisputes)).Requires(MoneyPermissions.PaymentView).Produces<Page>();

    /// <param name="state">A state, <c>open</c> for all that are not decided, or null for all.</param>
    public static async Task<Page> Run(Database database, string? state, DisputeId? after, CancellationToken stop)
    {
        var rows = await database.List<Dispute>($"""
            select {Disputes.Columns} {Disputes.From}
            where (@state is null or d.state = @state or (@state = 'open' and d.closed_at is null)) and (@after is null or d.id < @after) order by d.id desc limit @limit
            """, new { state, after, limit = PageSize + 1 }, stop);
        return new Page([.. rows.Take(PageSize).Select(d => d.ToView())], rows.Count > PageSize ? rows[PageSize - 1].Id.ToString() : null);
    }

    /// <summary>Those that wait for an answer, the nearest deadline first.</summary>
    public static async Task<IReadOnlyList<DisputeView>> Waiting(Database database, CancellationToken stop) => [.. (await database.List<Dispute>($"""
        select {Disputes.Columns} {Disputes.From} where d.closed_at is null order by d.due_at nulls last, d.id limit 200
        """, stop: stop)).Select(d => d.ToView())];

    /// <summary>The disputes of a payment.</summary>
    public static async Task<IReadOnlyList<DisputeView>> OfPayment(Database database, PaymentId payment, CancellationToken stop) =>
        [.. (await database.List<Dispute>($"select {Disputes.Columns} {Disputes.From} where d.payment_id = @payment order by d.id limit 50", new { payment }, stop)).Select(d => d.ToView())];
}
