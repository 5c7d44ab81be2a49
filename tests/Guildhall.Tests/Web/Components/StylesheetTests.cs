using System.Text.RegularExpressions;
using Guildhall.Tests.Architecture;

namespace Guildhall.Tests.Web.Components;

/// <summary>What the stylesheet and the script promise: readable in light and dark, mirrored by direction, small, and nothing inline.</summary>
public sealed partial class StylesheetTests
{
    private static readonly string Css = Tree.Read("src/Guildhall.Web/wwwroot/guildhall.css");

    public static TheoryData<string, string, double> Pairs()
    {
        var pairs = new TheoryData<string, string, double>();
        foreach (var text in (string[])["ink", "soft", "accent", "accent-deep"])
            foreach (var ground in (string[])["paper", "surface", "sunk"]) pairs.Add(text, ground, 4.5);
        foreach (var state in (string[])["good", "warn", "bad"])
            foreach (var ground in (string[])[state + "-wash", "surface", "paper"]) pairs.Add(state, ground, 4.5);
        pairs.Add("on-accent", "accent", 4.5);
        pairs.Add("on-accent", "accent-deep", 4.5);
        pairs.Add("accent", "accent-wash", 4.5);
        pairs.Add("accent", "bad-wash", 4.5);
        pairs.Add("soft", "quiet", 4.5);
        pairs.Add("hall-ink", "hall", 4.5);
        pairs.Add("hall-soft", "hall", 4.5);
        pairs.Add("hall-ink", "hall-line", 4.5);
        pairs.Add("edge", "surface", 3);
        pairs.Add("edge", "paper", 3);
        foreach (var line in (string[])["c2", "c3", "c4", "c5"]) pairs.Add(line, "surface", 3);
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Text_and_lines_can_be_read_in_light_and_dark(string text, string ground, double least)
    {
        var contrast = new Contrast(Css);
        contrast.Between(text, ground, dark: false).ShouldBeGreaterThanOrEqualTo(least);
        contrast.Between(text, ground, dark: true).ShouldBeGreaterThanOrEqualTo(least);
    }

    [Fact]
    public void A_pale_text_would_be_noticed() =>
        new Contrast("--ink: oklch(70% .01 200); --paper: light-dark(oklch(97% .007 120), oklch(20% .01 205));").Between("ink", "paper", dark: false).ShouldBeLessThan(4.5);

    [Fact]
    public void Black_on_white_is_twenty_one_to_one() =>
        new Contrast("--ink: oklch(0% 0 0); --paper: oklch(100% 0 0);").Between("ink", "paper", dark: false).ShouldBe(21, 0.01);

    [Fact]
    public void Sides_are_named_by_the_direction_of_the_text() =>
        Physical().Matches(Css.Replace("direction: ltr; text-align: left;", "", StringComparison.Ordinal)).Select(found => found.Value).ShouldBeEmpty();

    [Theory]
    [InlineData("margin-left: 4px;")]
    [InlineData("text-align: right;")]
    [InlineData("left: 0;")]
    public void A_fixed_side_would_be_noticed(string rule) => Physical().IsMatch(" " + rule).ShouldBeTrue();

    [Fact]
    public void No_page_has_inline_style_or_script() =>
        Guard.Holds(Tree.Files("src/Guildhall.Web", ".razor").SelectMany(file => Inline().Matches(file.Text).Select(found => new Violation(file.Path, found.Value))));

    [Theory]
    [InlineData("<p style=\"color: red\">")]
    [InlineData("<button onclick=\"go()\">")]
    [InlineData("<script>go()</script>")]
    public void An_inline_style_or_script_would_be_noticed(string html) => Inline().IsMatch(html).ShouldBeTrue();

    [GeneratedRegex(@"[\s;{](?:(?:margin|padding|border|inset)-(?:left|right)|left|right)\s*:|text-align:\s*(?:left|right)|[\s;{]float\s*:", RegexOptions.None, 1000)]
    private static partial Regex Physical();

    [GeneratedRegex(@"<[^>]*\s(?:style|on[a-z]+)=""|<script(?![^>]*\ssrc=)[^>]*>|<style", RegexOptions.None, 1000)]
    private static partial Regex Inline();
}
