using Guildhall.Foundation;
using Guildhall.Money.Invoices.Pdf;
using Guildhall.Money.Ledger.Periods;
using Guildhall.Money.Ledger.Seal;

namespace Guildhall.Money.Ledger.Statements;

/// <summary>A statement as a document, in English or Arabic. It names the signed checkpoint its lines are under.</summary>
internal static class StatementPdf
{
    private const int MaxLines = 5000;

    public static async Task<Result<byte[]>> Run(RenderPdf renderer, ReadStatement.View statement, ReadSeal.State seal, string language, DateTimeOffset now, CancellationToken stop)
    {
        if (statement.Accounts.Sum(a => a.Lines.Count) > MaxLines) return MoneyRefusals.StatementTooLong;
        try
        {
            return await renderer.Run(Document(statement, seal, language is "ar" ? "ar" : "en", now), stop);
        }
        catch (PdfException)
        {
            return MoneyRefusals.StatementNotRendered;
        }
    }

    internal static PdfDocument Document(ReadStatement.View statement, ReadSeal.State seal, string language, DateTimeOffset now)
    {
        string T(string en, string ar) => language is "ar" ? ar : en;
        Period.TryParse(statement.Period, out var month);
        var title = T($"Statement {statement.Period}", $"كشف حساب {statement.Period}");
        var sealedAs = seal.Checkpoint is { } checkpoint
            ? T($"Sealed in the ledger's log under checkpoint {checkpoint} of {seal.CheckpointSize} journals. The receipts prove each line.",
                $"مختوم في سجل الدفتر تحت نقطة التحقق {checkpoint} من {seal.CheckpointSize} قيدًا. الإيصالات تثبت كل قيد.")
            : T("Not yet under a signed checkpoint.", "ليس تحت نقطة تحقق موقّعة بعد.");
        return new PdfDocument(language, title, "Guildhall", now, T("Statement of account", "كشف حساب"), statement.Period, statement.Final ? null : T("NOT FINAL", "غير نهائي"), [],
            [
                new(T("From", "من"), PdfText.Day(month.From, language)), new(T("Until", "إلى"), PdfText.Day(month.Until.AddDays(-1), language)),
                new(T("Currency", "العملة"), statement.Currency), new(T("Made", "أُعد"), PdfText.Day(now, language)),
            ],
            [.. statement.Accounts.Select(account => Table(account, language, T))],
            [.. statement.Accounts.Select(account => new PdfTotal(Name(account.Account, T), PdfText.Say(account.Closing), Strong: true))],
            [sealedAs, T("Months are in UTC.", "الأشهر بالتوقيت العالمي.")], title);
    }

    private static PdfTable Table(ReadStatement.Section account, string language, Func<string, string, string> T)
    {
        var rows = new List<IReadOnlyList<string>> { new[] { "", T("Opening balance", "الرصيد الافتتاحي"), "", PdfText.Say(account.Opening) } };
        rows.AddRange(account.Lines.Select(l => new[] { PdfText.Day(l.Counted, language), l.Kind.Replace('_', ' '), l.Reference, PdfText.Say(l.Amount) }));
        rows.Add(new[] { "", T("Closing balance", "الرصيد الختامي"), "", PdfText.Say(account.Closing) });
        return new PdfTable(Name(account.Account, T), [new(T("Date", "التاريخ"), 18), new(T("Entry", "القيد"), 24), new(T("Reference", "المرجع"), 38), new(T("Amount", "المبلغ"), 20, Number: true)], rows);
    }

    private static string Name(string account, Func<string, string, string> T) => account switch
    {
        "provider_available" => T("Available", "المتاح"),
        "provider_reserved" => T("Reserved for withdrawals", "محجوز لطلبات السحب"),
        "provider_disputed" => T("Held for disputes", "محجوز للنزاعات"),
        "provider_rolling" => T("Held as a reserve", "محجوز احتياطيًا"),
        _ => account.Replace('_', ' '),
    };
}
