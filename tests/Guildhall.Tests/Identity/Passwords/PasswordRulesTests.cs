using System.Diagnostics;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Passwords;

namespace Guildhall.Tests.Identity.Passwords;

public sealed class PasswordRulesTests
{
    private static readonly IdentityOptions Options = new(new Uri("https://market.example.com"), false, new MasterKey(World.MasterKey));

    [Theory]
    [Covers("I-8", "asvs-6.2.1")]
    [InlineData("12345678", 8, true)]
    [InlineData("1234567", 8, false)]
    [InlineData("\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600", 8, true)]
    [InlineData("\U0001F600\U0001F600\U0001F600\U0001F600", 8, false)]
    [InlineData("with a space \0 and more", 15, true)]
    [InlineData("fourteen chars", 15, false)]
    [InlineData("fifteen letters", 15, true)]
    public void Asvs_6_2_1_Length_is_counted_in_code_points(string password, int least, bool good) => (PasswordRules.Objection(password, least) is null).ShouldBe(good);

    [Fact]
    [Covers("asvs-6.2.1")]
    public void Fifteen_alone_and_eight_beside_a_second_factor() =>
        (PasswordRules.MinLengthFor(hasSecondFactor: false), PasswordRules.MinLengthFor(hasSecondFactor: true)).ShouldBe((15, 8));

    [Fact]
    [Covers("asvs-6.2.9")]
    public void Asvs_6_2_9_Long_passphrases_are_taken_up_to_256_characters()
    {
        foreach (var length in (int[])[64, 128, 256]) PasswordRules.Objection(new string('x', length)).ShouldBeNull();
        PasswordRules.Objection(new string('x', 257)).ShouldNotBeNull();
        PasswordRules.Objection("broken \ud800 surrogate").ShouldNotBeNull();
    }

    [Theory]
    [Covers("asvs-6.2.5")]
    [InlineData("seven quiet marble towers")]
    [InlineData("أربعة أبراج رخامية هادئة جدا")]
    [InlineData("80471926358274019563")]
    [InlineData("        qzxvjk wpfm      ")]
    public void Asvs_6_2_5_No_kind_of_letter_is_asked_for(string password)
    {
        PasswordRules.Objection(password).ShouldBeNull();
        PasswordRules.IsStrong(PasswordRules.ScoreWithout(password, [])).ShouldBeTrue();
    }

    [Fact]
    [Covers("asvs-6.2.4")]
    public void Asvs_6_2_4_Every_one_of_the_most_used_passwords_is_refused_without_asking_anybody()
    {
        CommonPasswords.Count.ShouldBeGreaterThan(3000);
        foreach (var common in (string[])["password", "12345678", "qwertyuiop", "iloveyou", "Trustno1", "1Q2W3E4R5T"]) CommonPasswords.Has(common).ShouldBeTrue(common);
        CommonPasswords.Has(Person.Password).ShouldBeFalse();
    }

    [Theory]
    [Covers("asvs-6.2.11")]
    [InlineData("Guildhall-2026-Guildhall")]
    [InlineData("market.example.com 1")]
    [InlineData("layla.alsabah@shop.test")]
    [InlineData("Layla Al-Sabah 1990")]
    [InlineData("laylalaylalaylalayla")]
    [InlineData("shop-guildhall-layla")]
    public void Asvs_6_2_11_Words_of_the_product_and_of_the_person_count_for_nothing(string password)
    {
        var words = KnownWords.Of(Options, "Layla.AlSabah@shop.test", "Layla Al-Sabah");
        PasswordRules.IsStrong(PasswordRules.ScoreWithout(password, words)).ShouldBeFalse();
        PasswordRules.IsStrong(PasswordRules.ScoreWithout(password + " seven quiet marble towers", words)).ShouldBeTrue();
    }

    [Fact]
    [Covers("identity-47")]
    public void The_worst_passwords_are_scored_in_bounded_time()
    {
        PasswordRules.Score("warm up the lists", "x");
        foreach (var nasty in (string[])[new string('a', 256), string.Concat(Enumerable.Repeat("p@ssw0rd", 32)), string.Concat(Enumerable.Repeat("4@8({[<369&#!1/|0$5+7%2", 12)), string.Concat(Enumerable.Repeat("1990", 64))])
        {
            var best = Enumerable.Range(0, 3).Min(_ =>
            {
                var watch = Stopwatch.StartNew();
                PasswordRules.Score(nasty, "person@example.test");
                return watch.Elapsed;
            });
            best.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        }
    }
}
