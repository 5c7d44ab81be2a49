using System.Globalization;
using Guildhall.Messaging.Sms;

namespace Guildhall.Tests.Messaging.Sms;

[Covers("N-6", "marketplace-40")]
public sealed class TextPartsTests
{
    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("a", 160, 1)]
    [InlineData("a", 161, 2)]
    [InlineData("é", 306, 2)]
    [InlineData("a", 307, 3)]
    // In two units each: they are not cut in two, so 76 go in a part.
    [InlineData("€", 80, 1)]
    [InlineData("€", 81, 2)]
    [InlineData("€", 152, 2)]
    [InlineData("€", 153, 3)]
    [InlineData("م", 70, 1)]
    [InlineData("م", 71, 2)]
    [InlineData("م", 134, 2)]
    [InlineData("م", 135, 3)]
    [InlineData("😀", 35, 1)]
    [InlineData("😀", 36, 2)]
    [InlineData("😀", 66, 2)]
    [InlineData("😀", 67, 3)]
    // One letter outside the GSM alphabet makes the whole of it dear.
    [InlineData("ç", 71, 2)]
    public void A_text_goes_in_as_many_parts_as_the_standard_says(string letter, int times, int parts) =>
        TextParts.Of(string.Concat(Enumerable.Repeat(letter, times))).ShouldBe(parts);

    [Fact]
    public void Seventy_one_Arabic_letters_are_two_parts_and_so_is_a_name_with_its_isolates()
    {
        TextParts.Of(new string('ش', 71)).ShouldBe(2);
        TextParts.Of(new string('ش', 69) + "\u2068\u2069").ShouldBe(2);
    }

    [Theory]
    [InlineData(2, "0.0475 USD", "0.095 USD")]
    [InlineData(3, "1 KWD", "3 KWD")]
    [InlineData(1, "0.000001 EUR", "0.000001 EUR")]
    [InlineData(2, "", null)]
    [InlineData(2, "0,05 USD", null)]
    [InlineData(2, "5", null)]
    public void Parts_cost_what_is_set_to_the_last_digit(int parts, string price, string? cost) => TextParts.Cost(parts, price).ShouldBe(cost);

    [Fact]
    public void Every_text_of_the_product_says_in_how_many_parts_it_goes_at_most()
    {
        foreach (var text in TextBook.All.Where(t => t.Name != Texts.Notice))
        {
            var facts = text.Facts.ToDictionary(f => f, _ => "123456", StringComparer.Ordinal);
            TextParts.Of(text.Fill("en", facts)).ShouldBe(1, text.Name);
            TextParts.Of(text.Fill("ar", facts)).ShouldBeLessThanOrEqualTo(2, text.Name.ToString(CultureInfo.InvariantCulture));
        }
    }
}
