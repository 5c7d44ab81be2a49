using System.Reflection;
using Guildhall.Web.Components;
using Guildhall.Web.Components.Charts;
using Guildhall.Web.Components.Text;
using NodaTime;

namespace Guildhall.Tests.Web.Components;

/// <summary>How pages write amounts, times, states and figures.</summary>
public sealed class WordingTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 9, 15, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(12_500, "KWD", "12.500\u00a0KWD")]
    [InlineData(0, "KWD", "0.000\u00a0KWD")]
    [InlineData(-5, "USD", "\u22120.05\u00a0USD")]
    [InlineData(1_234_567, "JPY", "1,234,567\u00a0JPY")]
    public void An_amount_has_its_currencys_decimals(long minor, string currency, string text) => new Amount(minor, Currency.Of(currency)).Words().ShouldBe(text);

    [Theory]
    [InlineData(-240, "4 minutes ago", "قبل 4 دقائق")]
    [InlineData(-3600, "1 hour ago", "قبل ساعة واحدة")]
    [InlineData(7200, "in 2 hours", "خلال ساعتين")]
    [InlineData(-90_000, "yesterday", "أمس")]
    [InlineData(20, "now", "الآن")]
    public void A_near_time_is_said_as_people_say_it(int seconds, string english, string arabic)
    {
        TimeText.Relative(Now.AddSeconds(seconds), Now, "en").ShouldBe(english);
        TimeText.Relative(Now.AddSeconds(seconds), Now, "ar").ShouldBe(arabic);
    }

    [Fact]
    public void A_far_time_is_a_date() => TimeText.Relative(Now.AddDays(-20), Now, "en").ShouldBeNull();

    [Theory]
    [InlineData("Asia/Kuwait", "en", "Tue 9 Jun, 18:00")]
    [InlineData("Asia/Kolkata", "en", "Tue 9 Jun, 20:30")]
    [InlineData("Asia/Kuwait", "ar", "الثلاثاء 9 يونيو، 18:00")]
    public void A_time_is_written_in_the_readers_zone_and_language(string zone, string language, string text)
    {
        var place = DateTimeZoneProviders.Tzdb[zone];
        TimeText.Exact(Now, place, new Reader(language, null, place, true, null, null), Now).ShouldBe(text);
    }

    [Theory]
    [InlineData("Asia/Kolkata", "Kolkata (UTC+5:30)")]
    [InlineData("America/New_York", "New York (UTC\u22124)")]
    public void A_zone_is_named_by_its_city_and_offset(string zone, string text) => TimeText.ZoneName(DateTimeZoneProviders.Tzdb[zone], Now).ShouldBe(text);

    [Theory]
    [InlineData(41, 60)]
    [InlineData(35, 40)]
    [InlineData(0, 4)]
    [InlineData(648_750, 800_000)]
    public void A_chart_ends_at_a_round_number_above_its_highest(long highest, long top) => new Scale(highest).Top.ShouldBe(top);

    [Fact]
    public void The_largest_figure_still_has_a_scale() => new Scale(long.MaxValue / 2).Top.ShouldBeGreaterThanOrEqualTo(long.MaxValue / 2);

    [Fact]
    public void Every_word_of_the_frame_is_there_in_both_languages() => typeof(Words).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (field.Name, Phrase: (Phrase)field.GetValue(null)!))
        .Where(word => word.Phrase.En.Length == 0 || !word.Phrase.Ar.Any(letter => letter is >= '\u0600' and <= '\u06ff')).ShouldBeEmpty();

    [Fact]
    public void Every_state_has_an_icon_that_exists() => States.All.Where(look => !Icon.Names.Contains(look.Icon, StringComparer.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void A_state_nobody_drew_is_shown_by_its_name() => States.Of("payment", "held_back").Word.En.ShouldBe("held back");

    [Fact]
    public void An_asset_is_addressed_by_its_content() => AssetFiles.Address("guildhall.css").ShouldMatch("^/assets/guildhall\\.[0-9a-f]{12}\\.css$");
}
