using Guildhall.Identity.Accounts;
using Guildhall.Identity.Passwords;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Tests.Web.Pages;

public sealed class RefusalWordsTests
{
    [Fact]
    public void What_is_wrong_with_a_sign_up_is_said_in_Arabic()
    {
        var refusal = ProfileRules.Refuse(
            ("short", PasswordRules.Objection("x")), ("shortWithFactor", PasswordRules.Objection("x", PasswordRules.MinLengthFor(hasSecondFactor: true))),
            ("long", PasswordRules.Objection(new string('x', PasswordRules.MaxLength + 1))), ("broken", PasswordRules.Objection("\ud800")),
            ("nameless", ProfileRules.NameObjection("")), ("markup", ProfileRules.NameObjection("<b>")), ("invisible", ProfileRules.NameObjection("a\u200bb")))!;
        var said = RefusalWords.Errors(refusal, "ar");
        said.Count.ShouldBe(7);
        said.Values.ShouldAllBe(sentence => !sentence.Any(char.IsAsciiLetter));
        RefusalWords.Errors(refusal, "en").Values.ShouldAllBe(sentence => sentence.Any(char.IsAsciiLetter));
    }

    [Fact]
    public void A_sentence_says_what_it_points_at()
    {
        RefusalWords.Say(FoundationRefusals.RateLimited with { RetryAfterSeconds = 37 }, "en").ShouldBe("Too many requests. Wait 37 seconds, then try again.");
        RefusalWords.Say(FoundationRefusals.RateLimited with { RetryAfterSeconds = 121 }, "en").ShouldContain("Wait 3 minutes");
        RefusalWords.Say(FoundationRefusals.NotAllowed.With(("permission", "payment.refund")), "en").ShouldEndWith("(payment.refund)");
    }
}
