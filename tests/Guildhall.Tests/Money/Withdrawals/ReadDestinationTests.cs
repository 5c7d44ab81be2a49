using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Tests.Money.Withdrawals;

/// <summary>What a provider may write about where the money goes.</summary>
[Covers("M-14")]
public sealed class ReadDestinationTests
{
    private static Result<BankDetails> Read(DestinationKind kind, string? account) => ReadDestination.Of(new SetDestination.Body(null, account, Kind: kind));

    [Theory]
    [InlineData("omar@example.test", "omar@example.test")]
    [InlineData("  Omar.Haddad+pay@mail.example.co.ke ", "Omar.Haddad+pay@mail.example.co.ke")]
    [InlineData("o'neil_2@xn--mgbh0fb.test", "o'neil_2@xn--mgbh0fb.test")]
    public void An_address_is_kept_as_it_was_written(string written, string kept)
    {
        Read(DestinationKind.Paypal, written).Is(out var details, out _).ShouldBeTrue();
        (details!.Account, details.Kind, details.Holder).ShouldBe((kept, DestinationKind.Paypal, ""));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("omar")]
    [InlineData("omar@localhost")]
    [InlineData("@example.test")]
    [InlineData("omar@@example.test")]
    [InlineData("omar@example..test")]
    [InlineData("omar@-example.test")]
    [InlineData(".omar@example.test")]
    [InlineData("om..ar@example.test")]
    [InlineData("omar haddad@example.test")]
    [InlineData("omar@example.test\r\nBcc: x@y.test")]
    [InlineData("Omar <omar@example.test>")]
    [InlineData("omar@example.test,eve@example.test")]
    [InlineData("عمر@example.test")]
    [InlineData("KW81CBKU0000000000001234560101")]
    public void What_is_no_address_is_refused(string? written) => Read(DestinationKind.Paypal, written).Refusal!.Code.ShouldBe("paypal_address_invalid");

    [Fact]
    public void An_address_longer_than_paypal_takes_is_refused() =>
        (Read(DestinationKind.Paypal, $"omar@{new string('a', 59)}.{new string('b', 58)}.test").Refusal?.Code, Read(DestinationKind.Paypal, $"omar@{new string('a', 58)}.{new string('b', 58)}.test").Refusal?.Code)
            .ShouldBe(("paypal_address_invalid", null));

    [Theory]
    [InlineData("254712345678", "254712345678")]
    [InlineData("+254 712 345 678", "254712345678")]
    [InlineData("0712-345-678", "254712345678")]
    [InlineData("0112345678", "254112345678")]
    [InlineData("254112345678", "254112345678")]
    public void A_kenyan_mobile_number_is_kept_as_mpesa_wants_it(string written, string kept)
    {
        Read(DestinationKind.Mpesa, written).Is(out var details, out _).ShouldBeTrue();
        (details!.Account, details.Hint).ShouldBe((kept, "M-Pesa •••• 5678"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("712345678")]
    [InlineData("0812345678")]
    [InlineData("25471234567")]
    [InlineData("2547123456789")]
    [InlineData("+96512345678")]
    [InlineData("++254712345678")]
    [InlineData("٠٧١٢٣٤٥٦٧٨")]
    [InlineData("254712345678;")]
    public void What_is_no_such_number_is_refused(string? written) => Read(DestinationKind.Mpesa, written).Refusal!.Code.ShouldBe("mpesa_number_invalid");

    [Fact]
    public void A_text_never_shows_the_whole_of_it()
    {
        Read(DestinationKind.Paypal, "omar@example.test").Is(out var paypal, out _);
        Read(DestinationKind.Mpesa, "254712345678").Is(out var mpesa, out _);
        (paypal!.ToString(), mpesa!.ToString()).ShouldBe(("PayPal o•••@example.test", "M-Pesa •••• 5678"));
    }
}
