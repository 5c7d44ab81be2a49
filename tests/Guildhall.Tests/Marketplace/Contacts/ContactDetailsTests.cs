using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Guildhall.Marketplace.Contacts;

namespace Guildhall.Tests.Marketplace.Contacts;

[Covers("B-6", "marketplace-28")]
public sealed partial class ContactDetailsTests
{
    private sealed record Line(bool Has, string Text, IReadOnlyList<(int Start, int End)> Marks);

    [Fact]
    public void Of_the_published_lines_contact_details_are_found_and_next_to_nothing_else_is()
    {
        var lines = Corpus();
        var (with, without) = (lines.Where(l => l.Has).ToArray(), lines.Where(l => !l.Has).ToArray());
        (with.Length + without.Length, with.Length, without.Length).ShouldSatisfyAllConditions(c => c.Item1.ShouldBeGreaterThanOrEqualTo(250), c => c.Item2.ShouldBeGreaterThan(100), c => c.Item3.ShouldBeGreaterThan(100));
        var missed = with.Where(l => !IsHiddenWhole(l)).Select(l => l.Text).ToArray();
        var wronged = without.Where(l => ContactDetails.Find(l.Text).Count > 0).Select(l => l.Text + " → " + ContactDetails.Mask(l.Text)).ToArray();
        (missed.Length * 100 <= with.Length * 5).ShouldBeTrue($"{missed.Length} of {with.Length} missed:\n{string.Join('\n', missed)}");
        (wronged.Length * 100 <= without.Length).ShouldBeTrue($"{wronged.Length} of {without.Length} wronged:\n{string.Join('\n', wronged)}");
    }

    [Theory]
    [InlineData("Call me on +965 5551 2345, please.", "Call me on •••, please.", ContactKind.Phone)]
    [InlineData("رقمي خمسة خمسة خمسة واحد اثنين ثلاثة أربعة خمسة شكرًا", "رقمي ••• شكرًا", ContactKind.Phone)]
    [InlineData("Write to layla [at] example [dot] com.", "Write to •••.", ContactKind.Email)]
    [InlineData("See https://example.com/x?y=1!", "See •••!", ContactKind.Site)]
    [InlineData("my insta is layla_designs", "my insta is •••", ContactKind.Messenger)]
    public void What_is_hidden_leaves_the_rest_as_it_was(string text, string seen, ContactKind kind)
    {
        ContactDetails.Mask(text).ShouldBe(seen);
        ContactDetails.Find(text).Select(d => d.Kind).ShouldBe([kind]);
        ContactDetails.Mask(seen).ShouldBe(seen);
    }

    [Fact]
    public void No_text_is_too_odd_or_too_slow()
    {
        foreach (var text in new[] { "", " ", "\ud83d", "\udc00x", new string('\u0301', 50), "a@", "@", "+", "wa . me", new string('9', 4000), string.Concat(Enumerable.Repeat("a.", 2000)),
            string.Concat(Enumerable.Repeat("five ", 800)), string.Concat(Enumerable.Repeat("a at b dot ", 360)), "\U0001d7d7\U0001d7d6\U0001d7d7\U0001d7d6 7766" })
        {
            var found = ContactDetails.Find(text);
            found.ShouldAllBe(d => d.Start < d.End && d.End <= text.Length);
            found.Zip(found.Skip(1)).ShouldAllBe(pair => pair.First.End <= pair.Second.Start);
        }
        ContactDetails.Mask("\U0001d7d7\U0001d7d6\U0001d7d7\U0001d7d6 7766").ShouldBe("•••");
    }

    // Every letter and digit of what is marked has to be hidden; what is hidden beside it does no harm.
    private static bool IsHiddenWhole(Line line)
    {
        var found = ContactDetails.Find(line.Text);
        return line.Marks.All(m => Enumerable.Range(m.Start, m.End - m.Start).All(i => !char.IsLetterOrDigit(line.Text[i]) || found.Any(d => d.Start <= i && i < d.End)));
    }

    private static IReadOnlyList<Line> Corpus() =>
        [.. Tree.Read("tests/Guildhall.Tests/Marketplace/Contacts/contact-details.txt").Split('\n').Where(l => l.Length > 2 && l[0] is '+' or '-').Select(l => Parse(l[0] == '+', l[2..]))];

    private static Line Parse(bool has, string raw)
    {
        var (text, marks, depth, start) = (new StringBuilder(), new List<(int, int)>(), 0, 0);
        foreach (var c in Escapes().Replace(raw, m => ((char)int.Parse(m.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()))
        {
            if (has && c == '[' && depth++ == 0) start = text.Length;
            else if (has && c == ']' && --depth == 0) marks.Add((start, text.Length));
            else text.Append(c);
        }
        return new Line(has, text.ToString(), marks);
    }

    [GeneratedRegex(@"\\u([0-9a-f]{4})", RegexOptions.NonBacktracking)]
    private static partial Regex Escapes();
}
