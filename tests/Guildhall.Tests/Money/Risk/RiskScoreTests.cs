using System.Text.Json;
using Guildhall.Foundation.Http;
using Guildhall.Money.Risk;

namespace Guildhall.Tests.Money.Risk;

public sealed class RiskScoreTests
{
    private static readonly RiskInputs Calm = new(new Amount(25_000, MoneyWorld.Kwd), 0, 0, 5, 20_000, 3, 0, 5000, "example.com", null, []);

    private static RiskInputs Any(Random random) => new(new Amount(random.NextInt64(1, 5_000_000), random.Next(2) == 0 ? MoneyWorld.Kwd : MoneyWorld.Usd), random.Next(20), random.Next(10), random.Next(3),
        random.Next(2) == 0 ? null : random.NextInt64(0, 1_000_000), random.Next(400), random.Next(2) == 0 ? null : random.Next(50), random.Next(3) == 0 ? null : random.Next(100),
        random.Next(2) == 0 ? "mailinator.com" : null, null, random.Next(20) == 0 ? ["email"] : []);

    private static RiskRules Rules(Random random) => RiskRules.Default with
    {
        ReviewFrom = random.Next(1, 80), BlockFrom = random.Next(80, 200), CustomerPoints = random.Next(100), FailedPoints = random.Next(100), TimesLargest = random.Next(1, 20), NewAccountHours = random.Next(100),
    };

    [Fact]
    [Covers("M-15")]
    public void What_was_kept_gives_the_same_verdict_again_whatever_it_was()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var (inputs, rules) = (Any(random), Rules(random));
            var verdict = RiskScore.Of(inputs, rules);
            var again = RiskScore.Of(Kept(inputs), Kept(rules));
            (again.Score, again.Outcome).ShouldBe((verdict.Score, verdict.Outcome), $"seed {seed}");
            again.Reasons.ShouldBe(verdict.Reasons, $"seed {seed}");
            verdict.Reasons.Sum(r => r.Points).ShouldBe(verdict.Score);
            if (inputs.Blocked.Length > 0) verdict.Outcome.ShouldBe(RiskOutcome.Block);
        }
    }

    [Fact]
    [Covers("M-15")]
    public void Each_reason_is_named_with_its_points_and_what_is_not_known_counts_for_nothing()
    {
        var rules = RiskRules.Default;
        RiskScore.Of(Calm, rules).ShouldSatisfyAllConditions(v => v.Score.ShouldBe(0), v => v.Outcome.ShouldBe(RiskOutcome.Allow), v => v.Reasons.ShouldBeEmpty());
        RiskScore.Of(Calm with { AccountAgeHours = null, MailDomain = null, AddressStartedHour = null, LargestPaidMinor = null }, rules).Score.ShouldBe(0);
        One(Calm with { CustomerStartedHour = 6 }).ShouldBe("customer_velocity");
        One(Calm with { AddressStartedHour = 20 }).ShouldBe("address_velocity");
        One(Calm with { ProviderStartedHour = 200 }).ShouldBe("provider_velocity");
        One(Calm with { CustomerFailedDay = 4 }).ShouldBe("failed_attempts");
        One(Calm with { AccountAgeHours = 23 }).ShouldBe("new_account");
        One(Calm with { CustomerPaid = 0 }).ShouldBe("first_purchase");
        One(Calm with { Amount = new Amount(600_000, MoneyWorld.Kwd), LargestPaidMinor = 590_000 }).ShouldBe("large_amount");
        One(Calm with { LargestPaidMinor = 2_500 }).ShouldBe("unusual_amount");
        One(Calm with { MailDomain = "mailinator.com" }).ShouldBe("throwaway_mail");
        RiskScore.Of(Calm with { Blocked = ["customer"] }, rules).Outcome.ShouldBe(RiskOutcome.Block);

        string One(RiskInputs inputs) => RiskScore.Of(inputs, rules).Reasons.ShouldHaveSingleItem().Code;
    }

    [Fact]
    public void Rules_that_make_no_sense_are_refused()
    {
        var rules = RiskRules.Default;
        RiskRules.Objection(rules).ShouldBeNull();
        RiskRules.Objection(rules with { BlockFrom = rules.ReviewFrom }).ShouldNotBeNull();
        RiskRules.Objection(rules with { FailedPoints = -1 }).ShouldNotBeNull();
        RiskRules.Objection(rules with { TimesLargest = 0 }).ShouldNotBeNull();
        RiskRules.Objection(rules with { Large = new(StringComparer.Ordinal) { ["XXQ"] = 1 } }).ShouldNotBeNull();
        RiskRules.Objection(rules with { MailDomains = ["Example.com"] }).ShouldNotBeNull();
    }

    private static T Kept<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, JsonRules.Options), JsonRules.Options)!;
}
