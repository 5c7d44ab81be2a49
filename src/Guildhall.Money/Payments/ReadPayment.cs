using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Payments;

/// <summary>One payment, for its customer, its provider and staff.</summary>
public static class ReadPayment
{
    internal static void Map(IEndpointRouteBuilder payments) => payments
        .MapGet("/{id}", async (PaymentId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadPayment)).RequiresSignIn().Produces<PaymentView>();

    public static async Task<Result<PaymentView>> Run(Database database, Caller caller, PaymentId id, CancellationToken stop)
    {
        var payment = await Payments.Find(database, id, stop);
        return payment is null || !IsVisible(payment, caller) ? MoneyRefusals.PaymentNotFound : payment.ToView();
    }

    internal static bool IsVisible(Payment payment, Caller caller) =>
        caller.AccountId is { } account && (account == payment.CustomerId || account == payment.ProviderId) || caller.May(MoneyPermissions.PaymentView);
}

/// <summary>The timeline of a payment: who, what, when, why, with its ledger lines and refunds, for staff.</summary>
public static class ReadTimeline
{
    public sealed record View(PaymentView Payment, IReadOnlyList<Event> Events, IReadOnlyList<LedgerLine> Ledger, IReadOnlyList<Refunds.RefundView> Refunds, IReadOnlyList<Quarantined> Quarantine,
        Raw Raw, IReadOnlyList<Capture> Captures);

    public sealed record Event(DateTimeOffset At, string Kind, string Actor, JsonElement? Facts);

    public sealed record LedgerLine(DateTimeOffset At, string Journal, string Reference, string Account, Amount Amount);

    public sealed record Quarantined(long Id, string Reason, string Expected, string Reported, string Source, DateTimeOffset At, string? Resolution, string? ResolvedWhy);

    /// <summary>One capture of held money.</summary>
    public sealed record Capture(CaptureId Id, string State, Amount Amount, bool Final, DateTimeOffset At, DateTimeOffset? EndedAt, string? FailureText);

    private sealed record CaptureRow(CaptureId Id, string State, Currency Currency, long Minor, bool Final, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, string? FailureText);

    /// <summary>What the gateway calls it: the page the customer was sent to, and the payment on it.</summary>
    public sealed record Raw(string Gateway, string? Reference, string? Payment);

    private sealed record EventRow(DateTimeOffset At, string Kind, string Actor, string? Facts);
    private sealed record LineRow(DateTimeOffset At, string Journal, string Reference, string Account, Currency Currency, long Minor);

    internal static void Map(IEndpointRouteBuilder payments) => payments
        .MapGet("/{id}/timeline", async (PaymentId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
        .WithName(nameof(ReadTimeline)).Requires(MoneyPermissions.PaymentView).Produces<View>();

    public static async Task<Result<View>> Run(Database database, PaymentId id, CancellationToken stop)
    {
        var payment = await Payments.Find(database, id, stop);
        if (payment is null) return MoneyRefusals.PaymentNotFound;
        var events = await database.List<EventRow>(EventsSql, new { id }, stop);
        var lines = await database.List<LineRow>(LinesSql, new { order = payment.OrderId }, stop);
        var quarantine = await database.List<Quarantined>("select id, reason, expected, reported, source, at, resolution, resolved_why from money.quarantine where payment_id = @id order by id limit 100", new { id }, stop);
        var captures = await database.List<CaptureRow>("select id, state, currency, minor, final, created_at, ended_at, failure_text from money.captures where payment_id = @id order by id limit 100", new { id }, stop);
        return new View(payment.ToView(), [.. events.Select(e => new Event(e.At, e.Kind, e.Actor, e.Facts is null ? null : JsonSerializer.Deserialize<JsonElement>(e.Facts)))],
            [.. lines.Select(l => new LedgerLine(l.At, l.Journal, l.Reference, l.Account, new Amount(l.Minor, l.Currency)))],
            await Refunds.ReadRefunds.OfPayment(database, id, stop), quarantine, new Raw(payment.Gateway, payment.GatewayRef, payment.GatewayPayment),
            [.. captures.Select(c => new Capture(c.Id, c.State, new Amount(c.Minor, c.Currency), c.Final, c.CreatedAt, c.EndedAt, c.FailureText))]);
    }

    private const string EventsSql = "select at, kind, actor, facts::text as facts from money.payment_events where payment_id = @id order by id limit 500";

    private const string LinesSql = """
        select j.posted_at as at, j.kind as journal, j.reference, a.kind as account, a.currency, e.minor
        from money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
        where j.order_id = @order order by j.id, e.no limit 500
        """;
}

/// <summary>All payments, newest first, for staff. Keyset: pass the last id as <c>after</c>.</summary>
public static class ListPayments
{
    public const int PageSize = 50;

    /// <summary>As a state: the money is in escrow; together they are <see cref="MoneyFigures.InEscrow"/>.</summary>
    public const string InEscrow = "in_escrow";

    /// <summary>As a state: a gateway told something of it that does not match.</summary>
    public const string SetAside = "set_aside";

    public sealed record Page(IReadOnlyList<PaymentView> Payments, string? Next);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/payments", async ([AsParameters] ListFilter filter, PaymentId? after, Database database, CancellationToken stop) => Results.Json(await Run(database, filter, after, stop), JsonRules.Options))
            .WithName(nameof(ListPayments)).Requires(MoneyPermissions.PaymentView).Produces<Page>();
        admin.MapGet("/payments.csv", async ([AsParameters] ListFilter filter, Database database, CancellationToken stop) => (await Csv(database, filter, stop)).ToHttp("payments.csv"))
            .WithName("ExportPayments").Requires(MoneyPermissions.PaymentView).UnderQuota(Quotas.Exports).Produces(200, contentType: "text/csv");
    }

    public static async Task<Page> Run(Database database, ListFilter filter, PaymentId? after, CancellationToken stop)
    {
        var rows = await Read(database, filter, after, PageSize + 1, stop);
        return new([.. rows.Take(PageSize).Select(p => p.ToView())], rows.Count > PageSize ? rows[PageSize - 1].Id.ToString() : null);
    }

    /// <summary>The same as a table, at most the newest 10,000.</summary>
    private static async Task<Csv> Csv(Database database, ListFilter filter, CancellationToken stop)
    {
        var csv = new Csv().Row("payment", "order", "state", "gateway", "reference", "attempt", "created_at", "captured_at", "customer", "provider", "currency", "amount", "captured", "refunded", "failure");
        foreach (var p in await Read(database, filter, null, ListFilter.MaxExport, stop))
        {
            var view = p.ToView();
            csv.Row(p.Id, p.OrderId, Names.Of(p.State), p.Gateway, p.GatewayRef, p.Attempt, p.CreatedAt, p.CapturedAt, p.CustomerId, p.ProviderId, p.Currency.Code, view.Amount, view.Captured, view.Refunded, p.FailureCode);
        }
        return csv;
    }

    private static Task<IReadOnlyList<Payment>> Read(Database database, ListFilter filter, PaymentId? after, int limit, CancellationToken stop)
    {
        var f = filter.Given;
        return database.List<Payment>(f.State switch { InEscrow => OfHeld, SetAside => OfSetAside, _ => OfState },
            new { f.State, f.Gateway, f.Currency, f.Least, f.Most, f.Provider, f.From, f.Until, after, limit }, stop);
    }

    private const string Chosen = """
        (@Gateway is null or p.gateway = @Gateway) and (@Currency is null or p.currency = @Currency) and (@Least is null or p.amount_minor >= @Least) and (@Most is null or p.amount_minor <= @Most)
            and (@Provider is null or o.provider_id = @Provider) and (@From is null or p.created_at >= @From) and (@Until is null or p.created_at < @Until) and (@after is null or p.id < @after)
        order by p.id desc limit @limit
        """;

    private const string OfState = $"select {Payments.Columns} {Payments.From} where (@State is null or p.state = @State) and {Chosen}";

    private const string OfHeld = $"""
        select {Payments.Columns} {Payments.From}
        where o.state = 'paid' and o.released_at is null and p.id = o.paid_payment_id and g.captured_minor > g.refunded_minor + g.disputed_minor + g.parted_minor and {Chosen}
        """;

    private const string OfSetAside = $"""
        select {Payments.Columns} {Payments.From} where exists (select 1 from money.quarantine q where q.payment_id = p.id and q.resolved_at is null) and {Chosen}
        """;
}
