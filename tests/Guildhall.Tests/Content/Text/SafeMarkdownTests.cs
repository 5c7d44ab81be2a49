using System.Text.RegularExpressions;
using Guildhall.Content.Text;

namespace Guildhall.Tests.Content.Text;

[Covers("A-1", "marketplace-39", "marketplace-49")]
public sealed partial class SafeMarkdownTests
{
    private static readonly string[] Elements = ["p", "a", "strong", "em", "del", "ul", "ol", "li", "blockquote", "pre", "code", "h2", "h3", "h4", "h5", "h6", "hr", "br", "table", "thead", "tbody", "tr", "th", "td"];

    [Fact]
    public void Of_every_payload_only_harmless_elements_are_left_with_no_attribute_but_a_links_address()
    {
        Payloads.All.Count.ShouldBeGreaterThanOrEqualTo(500);
        foreach (var payload in Payloads.All)
            foreach (var text in new[] { payload, $"before {payload} after", $"> {payload}", $"- a\n- {payload}", $"| a |\n|---|\n| {payload} |" }) Check(SafeMarkdown.Render(text), payload);
    }

    [Fact]
    public void No_address_that_runs_something_or_hides_where_it_leads_is_followed()
    {
        foreach (var address in Payloads.Addresses())
        {
            SafeLinks.Allowed(address).ShouldBeFalse(address);
            SafeMarkdown.Render($"[click]({address})").ShouldNotContain("href=\"java", Case.Insensitive, address);
        }
    }

    [Theory]
    [InlineData("[a](/services)", "<p><a href=\"/services\">a</a></p>\n")]
    [InlineData("[a](#part)", "<p><a href=\"#part\">a</a></p>\n")]
    [InlineData("[a](https://ok.test/x?y=1)", "<p><a href=\"https://ok.test/x?y=1\" rel=\"nofollow noopener\">a</a></p>\n")]
    [InlineData("[a](mailto:x@y.test)", "<p><a href=\"mailto:x@y.test\" rel=\"nofollow noopener\">a</a></p>\n")]
    [InlineData("<https://ok.test/>", "<p><a href=\"https://ok.test/\" rel=\"nofollow noopener\">https://ok.test/</a></p>\n")]
    [InlineData("![a *b*](https://ok.test/x.png)", "<p>a <em>b</em></p>\n")]
    [InlineData("[a *b*](javascript:x)", "<p>a <em>b</em></p>\n")]
    [InlineData("# T", "<h2>T</h2>\n")]
    [InlineData("{{7*7}}", "<p>{{7*7}}</p>\n")]
    [InlineData("~~old~~", "<p><del>old</del></p>\n")]
    public void Markdown_says_what_it_says(string markdown, string html) => SafeMarkdown.Render(markdown).ShouldBe(html);

    [Fact]
    public void A_table_has_no_styles() => SafeMarkdown.Render("| a | b |\n|:-:|--:|\n| 1 | 2 |").ShouldNotContain("style");

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<p onclick=\"x\">")]
    [InlineData("<a href=\"javascript:x\">")]
    public void What_is_not_harmless_would_be_seen(string html) => Should.Throw<ShouldAssertException>(() => Check(html, html));

    private static void Check(string html, string payload)
    {
        foreach (Match tag in Tag().Matches(html))
        {
            Elements.ShouldContain(tag.Groups[1].Value, payload);
            var rest = Allowed().Replace(tag.Groups[2].Value, "");
            rest.Trim().ShouldBeEmpty($"{payload} → {html}");
            if (Href().Match(tag.Value) is { Success: true } href) SafeLinks.Allowed(System.Net.WebUtility.HtmlDecode(href.Groups[1].Value)).ShouldBeTrue($"{payload} → {html}");
        }
        Tag().Replace(html, "").ShouldNotContain("<", customMessage: $"{payload} → {html}");
    }

    [GeneratedRegex("</?([A-Za-z0-9]+)((?: [a-z]+=\"[^\"]*\")*) ?/?>", RegexOptions.None, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex(" (?:href|title|rel|start|class)=\"[^\"]*\"", RegexOptions.None, 1000)]
    private static partial Regex Allowed();

    [GeneratedRegex("href=\"([^\"]*)\"", RegexOptions.None, 1000)]
    private static partial Regex Href();
}
