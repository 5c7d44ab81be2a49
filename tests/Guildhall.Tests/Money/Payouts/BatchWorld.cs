using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;
using Guildhall.Tests.Money.Withdrawals;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Money.Payouts;

/// <summary>A house that pays dinars by bank file.</summary>
public class BatchWorld : MoneyWorld
{
    internal static readonly Caller Builder = Person("*");
    internal static readonly BankOptions Bank = new("Guildhall Demo Ltd", new Dictionary<string, BankOptions.Debtor>(StringComparer.Ordinal)
    {
        ["KWD"] = new("KW81CBKU0000000000001234560101", "CBKUKWKWXXX"), ["EUR"] = new("DE89370400440532013000", null),
    });

    internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with { Bank = Bank };

    internal async Task StartsByFile()
    {
        await StartsAfresh();
        await this.ForgetsSettings();
        await this.Says(MoneySettings.BankFileCurrencies, "KWD EUR");
    }

    /// <summary>A provider whose withdrawal of this much is approved.</summary>
    internal async Task<(Caller Provider, WithdrawalView Approved)> Approved(long minor = 20_000, string? holder = null)
    {
        var provider = await ProviderWith(new Amount(100_000, Kwd));
        if (holder is not null)
        {
            await this.Bank(provider, holder: holder);
            await Clock.Passes(24.Hours());
        }
        var asked = (await this.Asks(provider, minor)).OrThrow();
        return (provider, (await this.Approves(asked)).OrThrow());
    }

    internal Task<Result<BatchView>> Builds(int node = 0, Caller? who = null) =>
        BuildBatch.Run(Data(node), Get<MasterKey>(), Bank, who ?? Builder, new BuildBatch.Body("KWD"), default);

    internal Task<Result<BatchView>> Approves(BatchView seen, Caller? who = null) => ApproveBatch.Run(Data(), who ?? Staff, seen.Id, seen.Revision, default);

    internal Task<Result<BatchView>> Sends(BatchView seen, int node = 0) => SendBatch.Run(Data(node), Get<MasterKey>(), Bank, Staff, seen.Id, seen.Revision, default);

    internal async Task<BatchView> Sent() => (await Sends((await Approves((await Builds()).OrThrow())).OrThrow())).OrThrow();

    internal async Task<BatchView> Seen(PayoutBatchId id) => (await ReadBatches.One(Data(), id, default))!;

    internal async Task<XDocument> File(BatchView batch) => ReadChecked((await ReadBatches.Download(Data(), Staff, batch.Id, default))!.Body);

    internal Task<Result<Done>> BankSays(string reference, WithdrawalView about, RecordBankResult.Outcome outcome, long? minor = null, string? note = null) => Data().InTransaction(tx =>
        RecordBankResult.Run(tx, Staff, new RecordBankResult.Body(reference, about.Payout!.Value.Value.ToString("N"), outcome, new Amount(minor ?? about.Net.Minor, Kwd), note)));

    /// <summary>Checked here again, by schemas of the tests' own.</summary>
    internal static XDocument ReadChecked(byte[] file)
    {
        var schemas = new XmlSchemaSet { XmlResolver = null };
        foreach (var path in Directory.GetFiles(Path.Combine(Tree.Root, "tests/Guildhall.Tests/Money/Payouts/Schemas"), "*.xsd")) schemas.Add(null, path);
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = schemas, ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings };
        settings.ValidationEventHandler += (_, problem) => throw new XmlSchemaValidationException(problem.Message);
        using var reader = XmlReader.Create(new MemoryStream(file), settings);
        return XDocument.Load(reader);
    }

    internal static IReadOnlyList<string> All(XDocument file, string name) => [.. file.Descendants().Where(e => e.Name.LocalName == name).Select(e => e.Value)];

    internal static decimal Sum(XDocument file) => All(file, "InstdAmt").Sum(a => decimal.Parse(a, CultureInfo.InvariantCulture));
}
