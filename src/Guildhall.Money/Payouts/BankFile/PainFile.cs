using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Schema;
using Guildhall.Foundation;

namespace Guildhall.Money.Payouts;

/// <summary>A credit transfer initiation of ISO 20022, pain.001.001.09 or .03. One payment block; SEPA for euro. Every file is checked against the
/// official schema before anybody gets it. Source of the rules: the schemas, and the SEPA credit transfer guidelines for characters and lengths.</summary>
internal static class PainFile
{
    /// <summary>The most that one euro transfer may be.</summary>
    private const long MostEuroCents = 99_999_999_999;

    internal sealed record Head(Guid Batch, string Version, Currency Currency, string Holder, BankOptions.Debtor Account, DateOnly ExecuteOn, DateTimeOffset MadeAt);

    /// <summary><c>EndToEnd</c> is ours for ever: the bank's statement names the payout by it.</summary>
    internal sealed record Transfer(string EndToEnd, Amount Amount, string Name, string Account, bool IsIban, string? BankCode);

    /// <summary>What goes into the file for these details, or null when they cannot be written.</summary>
    public static Transfer? Of(string endToEnd, Amount amount, BankDetails bank)
    {
        var euro = amount.Currency.Code is "EUR";
        if (BankText.Latin(bank.Holder) is not { Length: >= 2 } name || (euro && (!bank.IsIban || amount.Minor > MostEuroCents)) || (!bank.IsIban && bank.BankCode is null)) return null;
        return new Transfer(endToEnd, amount, name, bank.Account, bank.IsIban, bank.BankCode);
    }

    public static byte[] Write(Head head, IReadOnlyList<Transfer> transfers)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, IndentChars = "", NewLineChars = "\n" }))
        {
            var (count, sum) = (transfers.Count.ToString(CultureInfo.InvariantCulture), transfers.Aggregate(Amount.Zero(head.Currency), (total, t) => total + t.Amount).Text);
            xml.WriteStartElement("Document", "urn:iso:std:iso:20022:tech:xsd:pain." + head.Version);
            xml.WriteStartElement("CstmrCdtTrfInitn");
            xml.WriteStartElement("GrpHdr");
            xml.WriteElementString("MsgId", head.Batch.ToString("N"));
            xml.WriteElementString("CreDtTm", head.MadeAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
            xml.WriteElementString("NbOfTxs", count);
            xml.WriteElementString("CtrlSum", sum);
            Nested(xml, head.Holder, "InitgPty", "Nm");
            xml.WriteEndElement();
            Block(xml, head, count, sum, transfers);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        var file = bytes.ToArray();
        Check(file);
        return file;
    }

    private static void Block(XmlWriter xml, Head head, string count, string sum, IReadOnlyList<Transfer> transfers)
    {
        var (euro, newer) = (head.Currency.Code is "EUR", head.Version is "001.001.09");
        xml.WriteStartElement("PmtInf");
        xml.WriteElementString("PmtInfId", head.Batch.ToString("N") + "-1");
        xml.WriteElementString("PmtMtd", "TRF");
        xml.WriteElementString("BtchBookg", "false");
        xml.WriteElementString("NbOfTxs", count);
        xml.WriteElementString("CtrlSum", sum);
        if (euro) Nested(xml, "SEPA", "PmtTpInf", "SvcLvl", "Cd");
        var day = head.ExecuteOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (newer) Nested(xml, day, "ReqdExctnDt", "Dt");
        else xml.WriteElementString("ReqdExctnDt", day);
        Nested(xml, head.Holder, "Dbtr", "Nm");
        xml.WriteStartElement("DbtrAcct");
        Nested(xml, head.Account.Iban, "Id", "IBAN");
        xml.WriteElementString("Ccy", head.Currency.Code);
        xml.WriteEndElement();
        if (head.Account.Bic is { } bic) Nested(xml, bic, "DbtrAgt", "FinInstnId", newer ? "BICFI" : "BIC");
        else Nested(xml, "NOTPROVIDED", "DbtrAgt", "FinInstnId", "Othr", "Id");
        xml.WriteElementString("ChrgBr", euro ? "SLEV" : "SHAR");
        foreach (var transfer in transfers) One(xml, transfer);
        xml.WriteEndElement();
    }

    private static void One(XmlWriter xml, Transfer transfer)
    {
        xml.WriteStartElement("CdtTrfTxInf");
        xml.WriteStartElement("PmtId");
        xml.WriteElementString("InstrId", transfer.EndToEnd);
        xml.WriteElementString("EndToEndId", transfer.EndToEnd);
        xml.WriteEndElement();
        xml.WriteStartElement("Amt");
        xml.WriteStartElement("InstdAmt");
        xml.WriteAttributeString("Ccy", transfer.Amount.Currency.Code);
        xml.WriteString(transfer.Amount.Text);
        xml.WriteEndElement();
        xml.WriteEndElement();
        if (transfer.BankCode is { } code) Nested(xml, code, "CdtrAgt", "FinInstnId", "ClrSysMmbId", "MmbId");
        Nested(xml, transfer.Name, "Cdtr", "Nm");
        if (transfer.IsIban) Nested(xml, transfer.Account, "CdtrAcct", "Id", "IBAN");
        else Nested(xml, transfer.Account, "CdtrAcct", "Id", "Othr", "Id");
        Nested(xml, "Payout " + transfer.EndToEnd, "RmtInf", "Ustrd");
        xml.WriteEndElement();
    }

    private static void Nested(XmlWriter xml, string text, params string[] path)
    {
        foreach (var name in path) xml.WriteStartElement(name);
        xml.WriteString(text);
        foreach (var _ in path) xml.WriteEndElement();
    }

    private static readonly Lazy<XmlSchemaSet> Schemas = new(() =>
    {
        var set = new XmlSchemaSet { XmlResolver = null };
        foreach (var version in new[] { "001.001.09", "001.001.03" })
        {
            using var stream = typeof(PainFile).Assembly.GetManifestResourceStream($"pain.{version}.xsd")!;
            using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            set.Add(null, reader);
        }
        set.Compile();
        return set;
    });

    /// <summary>Throws <see cref="XmlSchemaValidationException"/> for a file that the schema of its own version does not allow.</summary>
    public static void Check(byte[] file)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, ValidationType = ValidationType.Schema, Schemas = Schemas.Value,
            ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings,
        };
        settings.ValidationEventHandler += (_, problem) => throw new XmlSchemaValidationException(problem.Message, problem.Exception);
        using var reader = XmlReader.Create(new MemoryStream(file), settings);
        while (reader.Read()) { }
    }
}
