using System.Diagnostics;
using Guildhall.Identity.Passwords;

namespace Guildhall.Tests.Identity.Passwords;

public sealed class PasswordRulesTests
{
    [Theory]
    [Covers("I-8")]
    [InlineData("12345678", true)]
    [InlineData("1234567", false)]
    [InlineData("\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600\U0001F600", true)]
    [InlineData("\U0001F600\U0001F600\U0001F600\U0001F600", false)]
    [InlineData("with a space \0 and more", true)]
    public void Length_is_counted_in_code_points(string password, bool good) => (PasswordRules.Objection(password) is null).ShouldBe(good);

    [Fact]
    public void At_least_128_and_at_most_256_characters_are_taken()
    {
        PasswordRules.Objection(new string('x', 256)).ShouldBeNull();
        PasswordRules.Objection(new string('x', 257)).ShouldNotBeNull();
        PasswordRules.Objection("broken \ud800 surrogate").ShouldNotBeNull();
    }

    [Fact]
    [Covers("identity-47")]
    public void The_worst_passwords_are_scored_in_bounded_time()
    {
        PasswordRules.Score("warm up the lists", "x");
        foreach (var nasty in (string[])[new string('a', 256), string.Concat(Enumerable.Repeat("p@ssw0rd", 32)), string.Concat(Enumerable.Repeat("4@8({[<369&#!1/|0$5+7%2", 12)), string.Concat(Enumerable.Repeat("1990", 64))])
        {
            var watch = Stopwatch.StartNew();
            PasswordRules.Score(nasty, "person@example.test");
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        }
    }
}
