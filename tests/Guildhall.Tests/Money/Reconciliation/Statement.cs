using System.Text;
using Guildhall.Money;
using Guildhall.Money.Reconciliation;

namespace Guildhall.Tests.Money.Reconciliation;

/// <summary>A camt.053 statement of a bank.</summary>
internal sealed class Statement
{
    private readonly StringBuilder _entries = new();

    /// <summary>An entry; <paramref name="parts"/> when the bank booked several transfers as one.</summary>
    public Statement Entry(string id, long minor, string? endToEnd = null, string text = "", string day = "2026-12-03", string currency = "KWD", params (string EndToEnd, long Minor)[] parts)
    {
        _entries.Append($"<Ntry><Amt Ccy=\"{currency}\">{Report.Money(Math.Abs(minor))}</Amt><CdtDbtInd>{(minor < 0 ? "DBIT" : "CRDT")}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>")
            .Append($"<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{id}</AcctSvcrRef><NtryDtls>");
        foreach (var part in parts.Length > 0 ? parts : [(EndToEnd: endToEnd ?? "NOTPROVIDED", Minor: 0L)])
            _entries.Append($"<TxDtls><Refs><EndToEndId>{part.EndToEnd}</EndToEndId></Refs>")
                .Append(part.Minor == 0 ? "" : $"<Amt Ccy=\"{currency}\">{Report.Money(part.Minor)}</Amt>").Append($"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>");
        _entries.Append("</NtryDtls></Ntry>");
        return this;
    }

    public byte[] Bytes => Encoding.UTF8.GetBytes($"""
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>1</Id>{_entries}</Stmt></BkToCstmrStmt></Document>
        """);

    public Task<ReconciliationId> Reconciled(MoneyWorld world, string bank = "bank-nbk") => new Report(world).Reconciled(bank, "camt053", Bytes);
}

internal static class StatementLooks
{
    /// <summary>Open exceptions of a run, by row: class, row, expected, reported, owner.</summary>
    public static async Task<IReadOnlyList<string>> Open(this MoneyWorld world, ReconciliationId run) => [.. (await ListExceptions.Run(world.Data(), new ListExceptions.Filter(Run: run), null, default)).Exceptions
        .OrderBy(e => e.Row, StringComparer.Ordinal).Select(e => $"{e.Class} {e.Row} {e.Expected.Minor} {e.Reported.Minor} {e.Team}")];
}
