using System.Diagnostics;
using Guildhall.Identity.Phones;

namespace Guildhall.Tests.Identity.Phones;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("+96550000001", "+96550000001", "KW")]
    [InlineData(" +965 5000-0001 ", "+96550000001", "KW")]
    [InlineData("0096550000001", "+96550000001", "KW")]
    [InlineData("50000001", "+96550000001", "KW")]
    [InlineData("٥٠٠٠٠٠٠١", "+96550000001", "KW")]
    [InlineData("+44 7400 123456", "+447400123456", "GB")]
    [InlineData("+1 201-555-0123", "+12015550123", "US")]
    public void A_mobile_number_is_read_however_it_is_written(string written, string expected, string country)
    {
        var number = PhoneNumber.Read(written, "KW").OrThrow();
        (number.Text, number.Country).ShouldBe((expected, country));
    }

    [Theory]
    [Covers("identity-61")]
    [InlineData("+44 9012345678", "not_a_mobile_number")] // premium rate
    [InlineData("+1 900 234 5678", "not_a_mobile_number")] // premium rate
    [InlineData("+1 800 234 5678", "not_a_mobile_number")] // toll-free
    [InlineData("+44 8431234567", "not_a_mobile_number")] // shared cost
    [InlineData("+44 20 7946 0958", "not_a_mobile_number")] // landline
    [InlineData("+44 7012345678", "not_a_mobile_number")] // personal number
    [InlineData("+870 773 111 632", "no_country")] // satellite
    [InlineData("+979 123 456 789", "no_country")] // international premium rate
    [InlineData("+800 1234 5678", "no_country")] // international toll-free
    [InlineData("32665", "not_a_number")] // short code
    [InlineData("+965 5000 0001 ext. 7", "not_a_number")]
    [InlineData("+965 1", "not_a_number")]
    [InlineData("phone", "not_a_number")]
    [InlineData("", "not_a_number")]
    [InlineData(null, "not_a_number")]
    public void Numbers_that_earn_money_take_no_messages_or_belong_to_no_country_are_refused(string? written, string reason)
    {
        var refusal = PhoneNumber.Read(written, "").Refusal!;
        refusal.Code.ShouldBe(IdentityRefusals.PhoneNotAccepted.Code);
        refusal.Details!["reason"].ShouldBe(reason);
    }

    [Fact]
    public void Without_a_country_of_its_own_or_of_the_setting_it_is_no_number() => PhoneNumber.Read("50000001", "").Granted.ShouldBeFalse();

    [Fact]
    [Covers("identity-47")]
    public void No_text_keeps_the_reader_busy()
    {
        PhoneNumber.Read("+96550000001", ""); // its tables are read once
        foreach (var text in (string[])[new('1', 100_000), "+" + new string('-', 38), new string('(', 40), "+1" + string.Concat(Enumerable.Repeat(" ext", 9)), string.Concat(Enumerable.Repeat("x1", 20))])
        {
            PhoneNumber.Read(text, "KW");
            var start = Stopwatch.GetTimestamp();
            PhoneNumber.Read(text, "KW");
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromMilliseconds(50));
        }
    }
}
