using System.Text;
using Guildhall.Marketplace.Calendars;

namespace Guildhall.Tests.Marketplace.Calendars;

[Covers("B-12")]
public sealed class IcsWriterTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("a;b,c\\d")]
    [InlineData("two\r\nlines\nand\rmore")]
    [InlineData("x\r\nATTENDEE:mailto:evil@example.test\r\nEND:VEVENT")]
    [InlineData("سؤال قانوني سريع عن عقد الإيجار وكيف أنهيه قبل موعده دون أن أدفع غرامة، وماذا أكتب؟")]
    [InlineData("🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰🧰")]
    [InlineData("tab\tbell\abreak\u2028paragraph\u2029next\u0085end\0")]
    public void What_people_typed_stays_in_its_line_and_comes_back_as_it_was(string text)
    {
        for (var before = 0; before < 80; before++)
        {
            var ics = new IcsWriter();
            ics.Begin("VCALENDAR");
            ics.Text("SUMMARY", new string('a', before) + text);
            ics.End("VCALENDAR");
            var bytes = ics.ToBytes();

            var lines = Encoding.UTF8.GetString(bytes).Split("\r\n");
            lines[^1].ShouldBe("");
            foreach (var line in lines)
            {
                Encoding.UTF8.GetByteCount(line).ShouldBeLessThanOrEqualTo(75);
                line.ShouldNotContain('\ufffd', "a character was cut in two");
                line.Any(c => c is '\n' or '\r' or '\u2028' or '\u2029' or '\u0085').ShouldBeFalse();
            }
            lines.Where(l => l.Length > 0 && l[0] != ' ').Select(l => l.Split(':')[0]).ShouldBe(["BEGIN", "SUMMARY", "END"]);
            var read = IcsReader.Read(Encoding.UTF8.GetString(bytes)).ShouldHaveSingleItem().Properties.ShouldHaveSingleItem().Value;
            read.ShouldBe(new string('a', before) + IcsWriter.Escape(text));
        }
    }

    [Fact]
    public void A_word_that_breaks_its_line_is_a_bug_and_is_not_written() =>
        Should.Throw<ArgumentException>(() => new IcsWriter().Word("STATUS", "CONFIRMED\r\nATTENDEE:x"));
}
