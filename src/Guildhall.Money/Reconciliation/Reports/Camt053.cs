using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Linq;
using Guildhall.Foundation;

namespace Guildhall.Money.Reconciliation;

/// <summary>ISO 20022 camt.053 bank statements, streaming, of any version. Read: <c>Bal</c> with <c>OPBD</c>/<c>PRCD</c> and <c>CLBD</c>; of each
/// <c>Ntry</c> the amount, the direction, the booking day, <c>AcctSvcrRef</c>, and of its only <c>TxDtls</c> the end-to-end id and remittance text. An
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
            else if (One(++entry, await Whole(xml, entry, stop)) is { } row) yield return row;
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

    private static ReportRow? One(long no, XElement entry)
    {
        if ((Text(entry, "Sts", "Cd") ?? Text(entry, "Sts")) is not ("BOOK" or null)) return null;
        var amount = Signed(no, entry);
        var kind = amount.Minor >= 0 ? ReportKind.Credit : ReportKind.Debit;
        var details = Children(Child(entry, "NtryDtls"), "TxDtls").ToArray();
        var only = details.Length == 1 ? details[0] : null;
        var endToEnd = Text(only, "Refs", "EndToEndId") is { } id && id is not "NOTPROVIDED" ? id : null;
        var words = string.Join(' ', Children(Child(only, "RmtInf"), "Ustrd").Select(u => u.Value)) is { Length: > 0 } remittance ? remittance : Text(entry, "AddtlNtryInf");
        var day = Text(entry, "BookgDt", "Dt") ?? Text(entry, "BookgDt", "DtTm") ?? Text(entry, "ValDt", "Dt");
        return new ReportRow(Fields.Reference(no, Text(entry, "AcctSvcrRef")), kind, amount, Amount.Zero(amount.Currency), Fields.Time(no, day), Fields.Day(no, Text(entry, "ValDt", "Dt") ?? day),
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
