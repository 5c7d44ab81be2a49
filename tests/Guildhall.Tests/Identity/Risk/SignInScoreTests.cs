using Guildhall.Identity.Proofs;
using Guildhall.Identity.Risk;

namespace Guildhall.Tests.Identity.Risk;

[Covers("I-11")]
public sealed class SignInScoreTests
{
    private static readonly SignInRules Rules = SignInRules.Default;
    private static readonly SignInInputs Usual = new(ProofMethod.Password, KnownDevice: false, FirstDevice: false, NewCountry: false, null, null, 0, 0, Guessed: false, 0, 0, 0, 0, [], Blocked: false);

    [Fact]
    public void A_new_device_alone_is_let_in() => Of(Usual).ShouldBe((10, SignInOutcome.Allow, "new_device"));

    [Fact]
    public void The_first_device_of_an_account_is_nothing_new() => Of(Usual with { FirstDevice = true }).ShouldBe((0, SignInOutcome.Allow, ""));

    [Fact]
    public void A_new_device_in_a_new_country_is_let_in_and_the_owner_is_told_of_it_by_mail() => Of(Usual with { NewCountry = true }).ShouldBe((40, SignInOutcome.Allow, "new_country new_device"));

    [Fact]
    public void A_way_that_nobody_can_have_travelled_is_asked_about() =>
        Of(Usual with { NewCountry = true, KmFromLast = 5500, MinutesSinceLast = 60 }).ShouldBe((90, SignInOutcome.Ask, "new_country impossible_travel new_device"));

    [Theory]
    [InlineData(899, 60, false)]
    [InlineData(901, 60, true)]
    [InlineData(499, 0, false)]
    [InlineData(500, 0, true)]
    [InlineData(20000, 1440, false)]
    public void Travel_is_judged_by_speed_and_not_over_short_ways(int km, int minutes, bool impossible) =>
        Of(Usual with { KmFromLast = km, MinutesSinceLast = minutes }).Codes.Contains("impossible_travel", StringComparison.Ordinal).ShouldBe(impossible);

    [Fact]
    public void Many_wrong_passwords_for_the_account_ask() => Of(Usual with { Guessed = true, AccountFailures = 20 }).Outcome.ShouldBe(SignInOutcome.Ask);

    [Fact]
    public void A_right_password_among_many_that_failed_from_one_address_and_on_many_accounts_is_held() =>
        Of(Usual with { AddressAccounts = 10, PasswordAccounts = 10 }).ShouldBe((110, SignInOutcome.Hold, "new_device credential_stuffing password_spraying"));

    [Fact]
    public void A_known_device_is_never_held_and_pays_for_no_stranger() =>
        Of(Usual with { KnownDevice = true, NewCountry = true, KmFromLast = 9000, MinutesSinceLast = 1, OtherCountries = 3, Guessed = true, AddressAccounts = 500, GlobalAccounts = 2000, Blocked = true, Lists = ["tor"] })
            .ShouldBe((100, SignInOutcome.Ask, "new_country impossible_travel concurrent_countries"));

    [Theory]
    [InlineData(ProofMethod.Passkey)]
    [InlineData(ProofMethod.PasswordReset)]
    [InlineData(ProofMethod.PhoneCode)]
    public void What_proves_more_than_a_password_is_let_in(ProofMethod method) => Of(Usual with { Method = method, Guessed = true, Blocked = true, PasswordAccounts = 99 }).Outcome.ShouldBe(SignInOutcome.Allow);

    [Fact]
    public void Each_list_that_names_the_address_adds() => Of(Usual with { Lists = ["tor_exits", "botnet"] }).ShouldBe((70, SignInOutcome.Ask, "new_device listed_tor_exits listed_botnet"));

    [Fact]
    public void A_blocked_network_is_held() => Of(Usual with { Blocked = true }).Outcome.ShouldBe(SignInOutcome.Hold);

    [Fact]
    public void Rules_that_would_let_guessers_in_are_refused()
    {
        SignInRules.Objection(Rules).ShouldBeNull();
        foreach (var bad in new[]
        {
            Rules with { GuessedPoints = 10 }, Rules with { HoldFrom = 50 }, Rules with { AskFrom = 0 }, Rules with { AddressAccounts = 1 }, Rules with { HoldMinutes = 1 },
            Rules with { NewDevicePoints = -1 }, Rules with { TravelKmPerHour = 1 }, Rules with { ConcurrentMinutes = 0 },
        }) SignInRules.Objection(bad).ShouldNotBeNull(bad.ToString());
    }

    private static (int Score, SignInOutcome Outcome, string Codes) Of(SignInInputs inputs) =>
        SignInScore.Of(inputs, Rules) is var verdict ? (verdict.Score, verdict.Outcome, string.Join(' ', verdict.Reasons.Select(r => r.Code))) : default;
}
