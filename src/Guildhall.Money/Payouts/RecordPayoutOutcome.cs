using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Approvals;
using Guildhall.Money.Gateways;
using Guildhall.Money.Settlements;
using Guildhall.Money.Withdrawals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Payouts;

/// <summary>What became of a payout that its rail tells nothing about: one member of staff looks where the rail shows it and proposes, another approves. Then it is
/// settled as if the rail had said so. People may say it of a payout that has been unknown for a day, once the rail neither repeats it nor answers for it
/// by itself (<see cref="RailCapabilities.AnswersFor"/>); of one whose rail is no longer set up, 30 days after it was sent. Should the rail speak later all the
/// same, a payout that had been paid is returned, and one that had not been paid and was credited again is set aside.</summary>
public static class RecordPayoutOutcome
{
    /// <summary>A payout is unknown for so long before people may say it.</summary>
    public static readonly TimeSpan UnknownFor = TimeSpan.FromDays(1);

    /// <summary>Longer than any rail repeats a payout whose answer was lost.</summary>
    private static readonly TimeSpan WithoutRail = TimeSpan.FromDays(30);

    /// <param name="Paid">The provider has got it, or will; otherwise it surely never left, and the amount is credited again.</param>
    /// <param name="Document">The rail's reference of it, or what shows that there is none.</param>
    public sealed record Body(bool Paid, string Document, string Reason);

    internal sealed record Facts(PayoutId Payout, WithdrawalId Withdrawal, bool Paid, string Document);

    private sealed record Row(WithdrawalId WithdrawalId, string Gateway, PayoutState State, Currency Currency, long Minor, DateTimeOffset ChangedAt, DateTimeOffset? SentAt)
    {
        public Amount Amount => new(Minor, Currency);
    }

    internal const string Kind = "payout_outcome";

    internal static ApprovalKind Approval(Rails rails) => ApprovalKind.Of<Facts>(Kind, MoneyPermissions.SettlementRecord, (tx, caller, _, facts) => Settle(tx, rails, caller, facts.Payout, facts.Paid, facts.Document));

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/payouts/{id}/outcomes", async (PayoutId id, Body body, Caller caller, Database database, Rails rails, CancellationToken stop) =>
            (await Run(database, rails, caller, id, body, stop)).ToHttp(success: 202))
        .WithName(nameof(RecordPayoutOutcome)).Requires(MoneyPermissions.SettlementRecord).Idempotent().Produces<ApprovalView>(202);

    public static async Task<Result<ApprovalView>> Run(Database database, Rails rails, Caller caller, PayoutId id, Body body, CancellationToken stop)
    {
        if (HeldBy.Document(body.Document) is not { } document) return MoneyRefusals.DocumentMissing;
        return await ProposeApproval.In(database, async tx =>
        {
            var found = await Silent(tx, rails, caller, id);
            if (!found.Is(out var payout, out var no)) return no;
            if (body.Paid && await IsOfAnother(tx, id, document)) return MoneyRefusals.DocumentUsed;
            return await ProposeApproval.Run(tx, caller, Kind, id.ToString(), new Facts(id, payout.WithdrawalId, body.Paid, document), payout.Amount, body.Reason);
        }, stop);
    }

    /// <summary>A payout that nobody has told the outcome of.</summary>
    public sealed record Unanswered(PayoutId Payout, WithdrawalId Withdrawal, string Rail, Amount Amount, DateTimeOffset SentAt);

    private sealed record SilentRow(PayoutId Id, WithdrawalId WithdrawalId, string Gateway, Currency Currency, long Minor, DateTimeOffset SentAt);

    /// <summary>Those that people may say it of, oldest first, at most 100.</summary>
    public static async Task<IReadOnlyList<Unanswered>> Waiting(Database database, Rails rails, CancellationToken stop)
    {
        var (now, names) = (database.Clock.GetUtcNow(), rails.Names.ToArray());
        var rows = await database.List<SilentRow>(ListSilent, new
        {
            names, untils = names.Select(name => Answers(rails, name) is { } lasts ? now - lasts : DateTimeOffset.UnixEpoch).ToArray(), gone = now - WithoutRail, since = now - UnknownFor,
        }, stop);
        return [.. rows.Select(p => new Unanswered(p.Id, p.WithdrawalId, p.Gateway, new Amount(p.Minor, p.Currency), p.SentAt))];
    }

    /// <summary>Whether two people ended this payout, not its rail.</summary>
    internal static Task<bool> Ended(Transaction tx, PayoutId id) => tx.Get<bool>(
        "select exists (select 1 from money.approvals where kind = @Kind and subject = @subject and state = 'approved')", new { Kind, subject = id.ToString() });

    /// <summary>unknown → completed or failed, by a caller who has no part in the withdrawal.</summary>
    internal static async Task<Result<Done>> Settle(Transaction tx, Rails rails, Caller caller, PayoutId id, bool paid, string document)
    {
        // Two payouts that are told to be paid by one paper come one after the other.
        await tx.Change("select pg_advisory_xact_lock(hashtextextended('payout_outcome', 0))");
        var found = await Silent(tx, rails, caller, id);
        if (!found.Is(out var payout, out var refusal)) return refusal;
        if (paid && await IsOfAnother(tx, id, document)) return MoneyRefusals.DocumentUsed;
        await WithdrawalEvents.Add(tx, caller, payout.WithdrawalId, paid ? "found_paid" : "found_not_paid", document);
        // The document is a person's word: it is not taken for the rail's name of the payout, by which the rail is asked and which is on one payout only.
        return await SettlePayout.Run(tx, caller, new PayoutFact(id, paid ? PayoutFactState.Completed : PayoutFactState.Failed, payout.Amount, null, null, paid ? null : "Our staff found that it was not paid."));
    }

    private static TimeSpan? Answers(Rails rails, string gateway) => rails.Find(gateway) is { } rail ? rail.Can.AnswersFor : WithoutRail;

    // Holds the withdrawal and the payout: what the rail says meanwhile comes before or after.
    private static async Task<Result<Row>> Silent(Transaction tx, Rails rails, Caller caller, PayoutId id)
    {
        var row = await tx.Find<Row>("""
            select p.withdrawal_id, p.gateway, p.state, w.currency, w.minor - w.fee_minor as minor, p.changed_at, p.sent_at
            from money.withdrawals w join money.payouts p on p.withdrawal_id = w.id where p.id = @id for update of w, p
            """, new { id });
        if (row is null) return MoneyRefusals.WithdrawalNotFound;
        if (await OtherPerson.IsNot(tx, caller, row.WithdrawalId)) return MoneyRefusals.WithdrawalOwn;
        if (row.State is PayoutState.Completed or PayoutState.Failed or PayoutState.Returned or PayoutState.Stopped) return MoneyRefusals.PayoutEnded;
        return row.State == PayoutState.Unknown && row.ChangedAt <= tx.Now - UnknownFor && Answers(rails, row.Gateway) is { } lasts && row.SentAt <= tx.Now - lasts ? row : MoneyRefusals.PayoutStillAsked;
    }

    private static Task<bool> IsOfAnother(Transaction tx, PayoutId id, string document) => tx.Get<bool>("""
        select exists (select 1 from money.payouts where gateway_ref = @document and id <> @id)
            or exists (select 1 from money.approvals where kind = @Kind and state = 'approved' and subject <> @subject and facts ->> 'document' = @document and (facts ->> 'paid')::boolean)
        """, new { id, document, Kind, subject = id.ToString() });

    private const string ListSilent = """
        select p.id, p.withdrawal_id, p.gateway, w.currency, w.minor - w.fee_minor as minor, p.sent_at
        from money.payouts p join money.withdrawals w on w.id = p.withdrawal_id left join unnest(@names, @untils) as r(name, until) on r.name = p.gateway
        where p.state = 'unknown' and p.changed_at <= @since and p.sent_at <= coalesce(r.until, @gone) order by p.sent_at limit 100
        """;
}
