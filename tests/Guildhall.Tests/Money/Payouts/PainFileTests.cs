using System.Xml.Schema;
using Guildhall.Money.Payouts;

namespace Guildhall.Tests.Money.Payouts;

public sealed class PainFileTests
{
    public static TheoryData<string> Samples => [.. Directory.GetFiles(Path.Combine(Tree.Root, "tests/Guildhall.Tests/Money/Payouts/Samples"), "*.xml").Select(f => Path.GetFileName(f)!)];

    [Theory, MemberData(nameof(Samples))]
    [Covers("M-14")]
    public void Files_of_others_are_judged_as_their_names_say(string sample)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Tree.Root, "tests/Guildhall.Tests/Money/Payouts/Samples", sample));
        if (sample.StartsWith("invalid", StringComparison.Ordinal)) Should.Throw<XmlSchemaException>(() => PainFile.Check(bytes));
        else PainFile.Check(bytes);
    }

    [Fact]
    public void A_file_with_a_document_type_is_refused() =>
        Should.Throw<System.Xml.XmlException>(() => PainFile.Check("<!DOCTYPE Document [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Document/>"u8.ToArray()));

    [Theory]
    [InlineData("EUR", "001.001.09", "DE89370400440532013000", null)]
    [InlineData("EUR", "001.001.03", "DE89370400440532013000", null)]
    [InlineData("KWD", "001.001.09", "KW81CBKU0000000000001234560101", null)]
    [InlineData("KWD", "001.001.03", "0123456789", "CBKU")]
    [InlineData("JPY", "001.001.09", "0123456789", "0001")]
    [Covers("money-51")]
    public void Every_currency_and_version_makes_a_file_that_its_schema_allows(string code, string version, string account, string? bankCode)
    {
        var currency = Currency.Of(code);
        var (amount, id) = (new Amount(1_234_567, currency), Guid.NewGuid());
        var transfer = PainFile.Of(id.ToString("N"), amount, new BankDetails("Omar O'Neil", account, "KW", bankCode)).ShouldNotBeNull();
        var file = PainFile.Write(new PainFile.Head(Guid.NewGuid(), version, currency, "Guildhall Demo Ltd", new("DE89370400440532013000", "COBADEFFXXX"), new DateOnly(2026, 12, 1), DateTimeOffset.UnixEpoch), [transfer]);
        var read = BatchWorld.ReadChecked(file);
        BatchWorld.All(read, "InstdAmt").ShouldBe([amount.Text]);
        BatchWorld.All(read, "EndToEndId").ShouldBe([id.ToString("N")]);
        BatchWorld.All(read, "ChrgBr").ShouldBe([code is "EUR" ? "SLEV" : "SHAR"]);
    }

    [Theory]
    [InlineData("EUR", 100, "Omar", "0123456789", "CBKU")] // euro goes to IBANs only
    [InlineData("EUR", 100_000_000_000, "Omar", "DE89370400440532013000", null)] // more than one euro transfer may be
    [InlineData("KWD", 100, "Omar", "0123456789", null)] // no IBAN and no bank code
    [InlineData("KWD", 100, "عمر", "KW81CBKU0000000000001234560101", null)]
    [InlineData("KWD", 100, "李", "KW81CBKU0000000000001234560101", null)]
    public void What_cannot_be_written_is_not_guessed(string code, long minor, string holder, string account, string? bankCode) =>
        PainFile.Of("x", new Amount(minor, Currency.Of(code)), new BankDetails(holder, account, null, bankCode)).ShouldBeNull();

    [Theory]
    [InlineData("Zoë Müller", "Zoe Muller")]
    [InlineData("Łukasz Żółć", "Lukasz Zolc")]
    [InlineData("Groß & Söhne", "Gross + Sohne")]
    [InlineData("//Bob//", "Bob")]
    [InlineData("A <b>", null)]
    [InlineData("...", null)]
    [InlineData("Иван", null)]
    public void Names_are_written_in_letters_that_every_bank_reads(string name, string? written) => BankText.Latin(name).ShouldBe(written);

    [Theory]
    [InlineData("Demo Ltd", "EUR=DE89370400440532013000/COBADEFFXXX KWD=KW81CBKU0000000000001234560101", true)]
    [InlineData(null, null, true)]
    [InlineData("Demo Ltd", "EUR=DE89370400440532013001", false)]
    [InlineData("Demo Ltd", "EUR=DE89370400440532013000/X", false)]
    [InlineData("عمر", "EUR=DE89370400440532013000", false)]
    [InlineData("Demo Ltd", "FOO=DE89370400440532013000", false)]
    public void The_house_s_own_accounts_are_checked_when_it_starts(string? holder, string? accounts, bool good) => BankOptions.Read(holder, accounts, out _).ShouldBe(good);
}
