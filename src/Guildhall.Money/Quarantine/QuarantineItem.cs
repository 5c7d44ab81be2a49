using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Money.Gateways;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Quarantine;

/// <summary>What became of something that was set aside. Sent back: the money went back through the gateway. Accepted: booked as it is. Explained: nothing is
/// to be done.</summary>
public enum Resolution { SentBack, Accepted, Explained }

/// <summary>Something a gateway says that our rows contradict. <c>SendBack</c> and <c>Accept</c> say which choices there are besides explaining it.</summary>
public sealed record QuarantineView(long Id, PaymentId? Payment, PayoutId? Payout, string Reason, string Expected, string Reported, string Source, DateTimeOffset At,
    bool SendBack, bool Accept, Resolution? Resolution, Guid? ResolvedBy, DateTimeOffset? ResolvedAt, string? Why, string? SendBackState);

internal sealed record QuarantineItem(long Id, PaymentId? PaymentId, PayoutId? PayoutId, string Reason, string Expected, string Reported, string Source, DateTimeOffset At, FactState? FactState,
    string? Currency, long? Minor, string? GatewayPayment, Resolution? Resolution, Guid? ResolvedBy, DateTimeOffset? ResolvedAt, string? ResolvedWhy, string? Gateway, string? OwnPayment,
    string? PaidCurrency, long? AmountMinor, long? CapturedMinor, long? CapturingMinor, bool? IsCaptured, string? BackState, bool PaysAnother, long SentMinor)
{
    // Money that pays another payment of ours is spoken for.
    private bool IsMoney => FactState is Gateways.FactState.Captured && Minor > 0 && GatewayPayment is not null && !PaysAnother;

    /// <summary>What can go back: all of a payment that is not ours; of our own what is more than was booked; less what went back of it.</summary>
    public long Sendable => !IsMoney ? 0
        : Minor!.Value - SentMinor - (IsCaptured == true && string.Equals(GatewayPayment, OwnPayment, StringComparison.Ordinal) && Currency == PaidCurrency ? CapturedMinor!.Value : 0);

    public bool Acceptable => IsMoney && SentMinor == 0 && IsCaptured == false && CapturingMinor == 0 && Currency == PaidCurrency && Minor <= AmountMinor;

    public QuarantineView ToView() => new(Id, PaymentId, PayoutId, Reason, Expected, Reported, Source, At, ResolvedAt is null && Sendable > 0, ResolvedAt is null && Acceptable,
        Resolution, ResolvedBy, ResolvedAt, ResolvedWhy, BackState);

    public const string Select = """
        select q.id, q.payment_id, q.payout_id, q.reason, q.expected, q.reported, q.source, q.at, q.fact_state, q.currency, q.minor, q.gateway_payment, q.resolution, q.resolved_by, q.resolved_at,
            q.resolved_why, p.gateway, p.gateway_payment as own_payment, p.currency as paid_currency, p.amount_minor, g.captured_minor, g.capturing_minor, p.state = 'captured' as is_captured,
            (select b.state from money.send_backs b where b.quarantine_id = q.id order by b.id desc limit 1) as back_state,
            exists (select 1 from money.payments o where o.gateway = p.gateway and o.gateway_payment = q.gateway_payment and o.id <> p.id) as pays_another,
            (select coalesce(sum(case when b.currency = q.currency then b.minor else q.minor end), 0)::bigint from money.send_backs b
                where b.gateway = p.gateway and b.gateway_payment = q.gateway_payment and b.state <> 'failed') as sent_minor
        from money.quarantine q left join money.payments p on p.id = q.payment_id left join money.payment_guards g on g.payment_id = q.payment_id
        """;
}

/// <summary>What was set aside, newest first, for staff. Keyset: pass the last id as <c>after</c>.</summary>
public static class ListQuarantine
{
    public const int PageSize = 50;

    public sealed record Page(IReadOnlyList<QuarantineView> Items, long Open, long? Next);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/quarantine", async (bool? resolved, string? reason, long? after, Database database, CancellationToken stop) => Results.Ok(await Run(database, resolved, reason, after, stop)))
            .WithName(nameof(ListQuarantine)).Requires(MoneyPermissions.PaymentView).Produces<Page>();
        admin.MapGet("/quarantine/{id:long}", async (long id, Database database, CancellationToken stop) => (await One(database, id, stop)).ToHttp())
            .WithName("ReadQuarantine").Requires(MoneyPermissions.PaymentView).Produces<QuarantineView>();
    }

    public static async Task<Page> Run(Database database, bool? resolved, string? reason, long? after, CancellationToken stop)
    {
        var rows = await database.List<QuarantineItem>($"""
            {QuarantineItem.Select} where (@resolved is null or (q.resolved_at is not null) = @resolved) and (@reason is null or q.reason = @reason) and (@after is null or q.id < @after)
            order by q.id desc limit @limit
            """, new { resolved, reason, after, limit = PageSize + 1 }, stop);
        var open = await database.Find<long>("select count(*) from money.quarantine where resolved_at is null", stop: stop);
        return new Page([.. rows.Take(PageSize).Select(r => r.ToView())], open, rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }

    public static async Task<Result<QuarantineView>> One(Database database, long id, CancellationToken stop) =>
        await database.Find<QuarantineItem>($"{QuarantineItem.Select} where q.id = @id", new { id }, stop) is { } found ? found.ToView() : MoneyRefusals.QuarantineNotFound;
}
