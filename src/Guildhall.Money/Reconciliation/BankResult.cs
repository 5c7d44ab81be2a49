using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Payouts;
using Guildhall.Money.Reconciliation.Matching;

namespace Guildhall.Money.Reconciliation;

/// <summary>A row of a bank that names a payout of ours by its end-to-end id: a debit is its payment, a credit its return. What agrees to the minor unit is
/// handed to <see cref="RecordBankResult"/> and is matched in the same transaction; what does not stays open for a person.</summary>
internal static class BankResult
{
    private static readonly Caller Self = Caller.System("bank_statement");

    private sealed record Row(string Source, string ExternalId, string Kind, Currency Currency, long NetMinor, string? Text, PayoutId PayoutId, string EndToEnd, Currency OurCurrency, long OurMinor, bool Taken)
    {
        public bool Paid => Kind is "debit";
        public string SubjectKind => Paid ? "payout" : "payout_back";
        public string? Class => Taken ? "duplicate" : OurCurrency != Currency ? "different_currency" : (Paid ? -NetMinor : NetMinor) != OurMinor ? "different_amount" : null;
    }

    public static Task Hand(Database database, Run run, long line, CancellationToken stop) => database.InTransaction(async tx =>
    {
        await tx.ChangeNow(ChunkSql.Turn, new { source = run.Source });
        if (await tx.Find<Row>(Read, new { line }) is not { } row) return;
        if (row.Class is null)
        {
            var told = await RecordBankResult.Run(tx, Self, new RecordBankResult.Body($"{row.Source}/{row.ExternalId}", row.EndToEnd,
                row.Paid ? RecordBankResult.Outcome.Paid : RecordBankResult.Outcome.Returned, new Amount(row.OurMinor, row.Currency), row.Paid ? null : row.Text));
            if (!told.Granted) return;
        }
        await tx.ChangeOne(Judge, new { line, row.Class, row.SubjectKind, row.PayoutId });
        await Outcomes.Moved(tx, [line], "The payout agrees with it.");
    }, stop);

    private const string Read = """
        select l.source, l.external_id, l.kind, l.currency, l.net_minor, l.text, p.id as payout_id, p.end_to_end, w.currency as our_currency, w.minor - w.fee_minor as our_minor,
            exists (select 1 from money.report_lines t where t.subject_id = p.id and t.subject_kind = case l.kind when 'debit' then 'payout' else 'payout_back' end) as taken
        from money.report_lines l join money.payouts p on p.id = l.about_id join money.withdrawals w on w.id = p.withdrawal_id
        where l.id = @line and l.state = 'open' and l.class = 'missing_here' and p.gateway = 'bank_file' and p.sent_at is not null
        """;

    private const string Judge = """
        update money.report_lines set state = case when @Class is null then 'matched' else 'open' end, class = @Class,
            subject_kind = case when @Class is distinct from 'duplicate' then @SubjectKind end, subject_id = case when @Class is distinct from 'duplicate' then @PayoutId end,
            how = case when @Class is null then 'reference' else 'not yet' end
        where id = @line and state = 'open' and class = 'missing_here'
        """;
}
