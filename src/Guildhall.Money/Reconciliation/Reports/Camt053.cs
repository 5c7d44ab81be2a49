using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Linq;
using Guildhall.Foundation;

namespace Guildhall.Money.Reconciliation;

/// <summary>ISO 20022 camt.053 bank statements, streaming, of any version. Read: <c>Bal</c> with <c>OPBD</c>/<c>PRCD</c> and <c>CLBD</c>; of each
/// <c>Ntry</c> the amount, the direction, the booking day, <c>AcctSvcrRef</c>, and of each <c>TxDtls</c> amount, end-to-end id, reason of a return and remittance text. An
/// entry that the bank has not booked is stepped over. No DTD, no entities, no outside references.</summary>
internal static class Camt053
{
    private const int MaxText = 140;

    private static readonly XmlReaderSettings Settings = new()
    {
        Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersFromEntities = 1, MaxCharactersInDocument = 512L * 1024 * 1024,
        IgnoreComments = true, IgnoreProcessingInstructions = true, IgnoreWhitespace = true, CloseInput = false,
    };

    public static async IAsyncEnumerable<ReportRow> Read(Stream stream, IDictionary<Currency, StatedBalance> stated, [EnumeratorCancellation] CancellationToken stop)
    {
        using var xml = XmlReader.Create(stream, Settings);
        var entry = 0L;
        while (!xml.EOF)
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName is not ("Bal" or "Ntry")) await Step(xml, entry, stop);
            else if (xml.LocalName is "Bal") Balance(await Whole(xml, entry, stop), stated);
            else foreach (var row in Of(++entry, await Whole(xml, entry, stop))) yield return row;
        }
    }

    private static async Task Step(XmlReader xml, long entry, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        try { await xml.ReadAsync(); }
        catch (XmlException) { throw new ReportUnreadableException(entry, "This is not a well-formed camt.053 document."); }
    }

    // Taken whole, the reader stands behind it.
    private static async Task<XElement> Whole(XmlReader xml, long entry, CancellationToken stop)
    {
        try { return (XElement)await XNode.ReadFromAsync(xml, stop); }
        catch (XmlException) { throw new ReportUnreadableException(entry, "This is not a well-formed camt.053 document."); }
    }

    private static void Balance(XElement balance, IDictionary<Currency, StatedBalance> stated)
    {
        var amount = Signed(0, balance);
        var known = stated.TryGetValue(amount.Currency, out var some) ? some : new StatedBalance(null, null);
        if (Text(balance, "Tp", "CdOrPrtry", "Cd") is "OPBD" or "PRCD") stated[amount.Currency] = known with { Opening = known.Opening ?? amount };
        else if (Text(balance, "Tp", "CdOrPrtry", "Cd") is "CLBD") stated[amount.Currency] = known with { Closing = amount };
    }

    // Transfers that were booked as one entry are rows of their own when their amounts make the entry; else the entry is one row, for a person.
    private static IEnumerable<ReportRow> Of(long no, XElement entry)
    {
        if ((Text(entry, "Sts", "Cd") ?? Text(entry, "Sts")) is not ("BOOK" or null)) return [];
        var (amount, details) = (Signed(no, entry), Children(entry, "NtryDtls").SelectMany(d => Children(d, "TxDtls")).ToArray());
        if (details.Length <= 1) return [One(no, entry, amount, Fields.Reference(no, Text(entry, "AcctSvcrRef")), details)];
        var parts = details.Select(d => Part(no, d, amount)).ToArray();
        if (parts.Any(p => p is null) || parts.Aggregate(Int128.Zero, (sum, p) => sum + p!.Value.Minor) != amount.Minor) return [One(no, entry, amount, Fields.Reference(no, Text(entry, "AcctSvcrRef")), details)];
        return details.Select((d, i) => One(no, entry, parts[i]!.Value, Text(entry, "AcctSvcrRef") is { } own ? Fields.Reference(no, $"{own}/{i + 1}") : null, [d]));
    }

    private static Amount? Part(long no, XElement details, Amount whole)
    {
        var element = Child(details, "Amt") ?? Child(Child(Child(details, "AmtDtls"), "TxAmt"), "Amt");
        if (element is null || Fields.Currency(no, (string?)element.Attribute("Ccy")) != whole.Currency) return null;
        var amount = Fields.Amount(no, element.Value, whole.Currency);
        return Text(details, "CdtDbtInd") switch { "CRDT" => amount, "DBIT" => -amount, _ => whole.Minor < 0 ? -amount : amount };
    }

    private static ReportRow One(long no, XElement entry, Amount amount, string? id, XElement[] details)
    {
        var only = details.Length == 1 ? details[0] : null;
        var endToEnd = Text(only, "Refs", "EndToEndId") is { } given && given is not "NOTPROVIDED" ? given : null;
        var words = string.Join(' ', Children(Child(only, "RmtInf"), "Ustrd").Select(u => u.Value).Prepend(Text(Child(Child(only, "RtrInf"), "Rsn"), "Cd")).Where(w => w is not null)) is { Length: > 0 } said
            ? said : Text(entry, "AddtlNtryInf");
        var day = Text(entry, "BookgDt", "Dt") ?? Text(entry, "BookgDt", "DtTm") ?? Text(entry, "ValDt", "Dt");
        return new ReportRow(id, amount.Minor >= 0 ? ReportKind.Credit : ReportKind.Debit, amount, Amount.Zero(amount.Currency), Fields.Time(no, day), Fields.Day(no, Text(entry, "ValDt", "Dt") ?? day),
            Fields.Ours(ReportKind.Debit, endToEnd is null ? words : $"{endToEnd} {words}"), Fields.Reference(no, endToEnd), null, Fields.Words(words is { Length: > MaxText } ? words[..MaxText] : words));
    }

    // The amount is never negative in the file: CdtDbtInd gives the direction, and RvslInd is told by it already.
    private static Amount Signed(long no, XElement parent)
    {
        var element = Child(parent, "Amt") ?? throw new ReportUnreadableException(no, "An amount is missing.");
        var amount = Fields.Amount(no, element.Value, Fields.Currency(no, (string?)element.Attribute("Ccy")));
        return Text(parent, "CdtDbtInd") switch
        {
            "CRDT" => amount,
            "DBIT" => -amount,
            _ => throw new ReportUnreadableException(no, "An amount has no direction."),
        };
    }

    private static XElement? Child(XElement? parent, string name) => Children(parent, name).FirstOrDefault();

    private static IEnumerable<XElement> Children(XElement? parent, string name) =>
        parent is null ? [] : parent.Elements().Where(e => string.Equals(e.Name.LocalName, name, StringComparison.Ordinal));

    private static string? Text(XElement? parent, params ReadOnlySpan<string> path)
    {
        foreach (var name in path) parent = Child(parent, name);
        return parent is { HasElements: false } && parent.Value.Trim() is { Length: > 0 } text ? text : null;
    }
}
