using Guildhall.Tests.Identity.Passwords;

namespace Guildhall.Tests.Identity.Accounts;

public sealed class ChangeEmailTests(PasswordWorld world) : IClassFixture<PasswordWorld>
{
    private static int _count;

    [Fact]
    [Covers("I-1", "asvs-6.3.7", "I-13")]
    public async Task Asvs_6_3_7_The_new_address_counts_once_it_is_confirmed_and_both_are_told()
    {
        var (person, next) = (await world.Person(), Fresh());
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); }
        (await person.Post("me/email", new { email = next })).Must(202).Word("next").ShouldBe("check_your_mail");
        var (token, _) = await Confirmation(next);
        (await world.Mail(person.Email)).ShouldContain("is to get another e-mail address");
        (await person.Get("me")).Word("email").ShouldBe(person.Email);
        (await world.SignsIn(next, Person.Password)).MustRefuse(IdentityRefusals.SignInFailed);

        (await person.Post("me/email/actions/confirm", new { token })).Must(204);
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must().Word("email").ShouldBe(next); }
        (await world.SignsIn(next, Person.Password)).Must();
        (await world.SignsIn(person.Email, Person.Password)).MustRefuse(IdentityRefusals.SignInFailed);
        (await world.Database.Value<string>("select email from messaging.recipients where person_id = $1", person.Id)).ShouldBe(next);
        (await world.Mail(person.Email, count: 2)).ShouldContain("no longer the address");
        await Eventually.True(async () => (await world.Gateway.MailTo(next)).Any(m => m.GetProperty("subject").GetString() == "Your e-mail address was changed"), "The new address was not told.");
        (await person.Post("me/email/actions/confirm", new { token })).MustRefuse(IdentityRefusals.VerificationFailed);
        var audit = await world.Database.Value<string>("select string_agg(a::text, ' ') from foundation.audit a where action like 'account.email_change%' and actor_id = $1", person.Id);
        audit.ShouldNotContain(next);
        audit.ShouldNotContain(person.Email);
    }

    [Fact]
    [Covers("I-9", "asvs-15.4.1")]
    public async Task The_code_works_once_within_ten_minutes_and_five_tries()
    {
        var (person, next) = (await world.Person(), Fresh());
        (await person.Post("me/email", new { email = next })).Must(202);
        var (token, code) = await Confirmation(next);
        for (var i = 0; i < 5; i++) (await Confirms(person, Another(code, i))).MustRefuse(IdentityRefusals.VerificationFailed);
        (await Confirms(person, code)).MustRefuse(IdentityRefusals.VerificationFailed);
        (await person.Post("me/email/actions/confirm", new { token })).Must(204);

        var other = await world.Person();
        next = Fresh();
        (await other.Post("me/email", new { email = next })).Must(202);
        (await Confirms(other, (await Confirmation(next)).Code)).Must(204);
        (await other.Get("me")).Word("email").ShouldBe(next);
    }

    [Fact]
    [Covers("asvs-7.5.1", "I-6")]
    public async Task Asvs_7_5_1_It_asks_for_a_fresh_proof()
    {
        var person = await world.Person();
        await world.Clock.Passes(11.Minutes());
        await world.Refreshes(person);
        (await person.Post("me/email", new { email = Fresh() })).MustRefuse(FoundationRefusals.StepUpRequired);
    }

    [Fact]
    [Covers("identity-17", "asvs-6.3.8")]
    public async Task An_address_that_somebody_has_gets_the_same_answer_and_nobody_is_merged()
    {
        var (person, owner) = (await world.Person(), await world.NotYetSignedIn());
        var free = (await person.Post("me/email", new { email = Fresh() })).Must(202);
        var taken = (await person.Post("me/email", new { email = owner.Email.ToUpperInvariant() })).Must(202);
        taken.Text.ShouldBe(free.Text);
        taken.Headers.Keys.Order().ShouldBe(free.Headers.Keys.Order());
        var mail = await world.Mail(owner.Email);
        mail.ShouldContain("Somebody wanted to use your e-mail address");
        mail.ShouldNotContain("confirm-email");
        (await person.Post("me/email", new { email = person.Email.ToUpperInvariant() })).MustRefuse(FoundationRefusals.InvalidInput);
        (await person.Post("me/email", new { email = "loo\u212A@example.test" })).MustRefuse(FoundationRefusals.InvalidInput);
        (await world.SignsIn(owner.Email, Person.Password)).Must();
    }

    [Fact]
    [Covers("asvs-15.4.1")]
    public async Task Of_two_who_confirm_one_address_one_gets_it()
    {
        var (one, two, next) = (await world.Person(), await world.Person(), Fresh());
        (await one.Post("me/email", new { email = next })).Must(202);
        var first = await Confirmation(next);
        (await two.Post("me/email", new { email = next })).Must(202);
        var second = await Confirmation(next, count: 2);
        await using var gate = await Gate.Close(world.Database, "lock table identity.email_changes in access exclusive mode");
        var racers = new[] { one.Post("me/email/actions/confirm", new { token = first.Token }), two.Post("me/email/actions/confirm", new { token = second.Token }) };
        await gate.OpenWhenWaiting(2);
        var answers = await Task.WhenAll(racers);
        answers.Count(a => a.Status == 204).ShouldBe(1);
        answers.Count(a => a.Code == "verification_failed").ShouldBe(1);
        (await world.Database.Count("identity.accounts where email_key = $1", next)).ShouldBe(1);
    }

    [Fact]
    [Covers("identity-36", "identity-41", "asvs-7.4.3")]
    public async Task The_link_gives_nobody_else_anything_and_dies_with_a_new_password()
    {
        var (person, stranger, next) = (await world.Person(), await world.Person(), Fresh());
        (await person.Post("me/email", new { email = next })).Must(202);
        var (token, code) = await Confirmation(next);
        (await world.Visitor().Post("me/email/actions/confirm", new { token })).MustRefuse(FoundationRefusals.SignInFirst);
        (await stranger.Post("me/email/actions/confirm", new { token })).MustRefuse(IdentityRefusals.VerificationFailed);
        (await Confirms(stranger, code)).MustRefuse(IdentityRefusals.VerificationFailed);
        person.Token = (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = PasswordWorld.First })).Must().Word("accessToken");
        (await person.Post("me/email/actions/confirm", new { token })).MustRefuse(IdentityRefusals.VerificationFailed);
    }

    [Fact]
    [Covers("I-7")]
    public async Task A_link_to_a_new_password_that_waits_in_the_old_mailbox_dies_with_the_old_address()
    {
        var (person, next) = (await world.Person(), Fresh());
        var reset = await world.Forgets(person);
        (await person.Post("me/email", new { email = next })).Must(202);
        var (token, _) = await Confirmation(next);
        (await person.Post("me/email/actions/confirm", new { token })).Must(204);
        (await world.Resets(reset)).MustRefuse(IdentityRefusals.PasswordResetFailed);
    }

    [Fact]
    [Covers("I-10", "identity-61")]
    public async Task Five_messages_an_hour_go_to_one_address_from_all_accounts_together()
    {
        var target = Fresh();
        for (var i = 0; i < 5; i++) (await (await world.Person()).Post("me/email", new { email = target })).Must(202);
        (await (await world.Person()).Post("me/email", new { email = target })).MustRefuse(FoundationRefusals.RateLimited);
    }

    [Fact]
    [Covers("I-9")]
    public async Task The_code_lasts_ten_minutes_and_the_link_a_day()
    {
        var (person, next) = (await world.Person(), Fresh());
        (await person.Post("me/email", new { email = next })).Must(202);
        var (token, code) = await Confirmation(next);
        await world.Clock.Passes(10.Minutes());
        await world.Refreshes(person);
        (await Confirms(person, code)).MustRefuse(IdentityRefusals.VerificationFailed);
        await world.Clock.Passes(24.Hours());
        await person.SignsIn();
        (await person.Post("me/email/actions/confirm", new { token })).MustRefuse(IdentityRefusals.VerificationFailed);
        (await person.Get("me")).Must().Word("email").ShouldBe(person.Email);
    }

    [Fact]
    [Covers("identity-36", "identity-41")]
    public async Task The_link_of_one_account_confirms_nothing_that_another_asked_for()
    {
        var (one, two, own, foreign) = (await world.Person(), await world.Person(), Fresh(), Fresh());
        (await one.Post("me/email", new { email = own })).Must(202);
        (await two.Post("me/email", new { email = foreign })).Must(202);
        var (token, _) = await Confirmation(own);
        (await two.Post("me/email/actions/confirm", new { token })).MustRefuse(IdentityRefusals.VerificationFailed);
        (await two.Get("me")).Must().Word("email").ShouldBe(two.Email);
        (await one.Post("me/email/actions/confirm", new { token })).Must(204);
    }

    private async Task<(string Token, string Code)> Confirmation(string address, int count = 1)
    {
        var text = await world.Mail(address, count);
        text.ShouldContain("Confirm your new e-mail address");
        var at = text.IndexOf("confirm-email#", StringComparison.Ordinal) + "confirm-email#".Length;
        return (text.Substring(at, 43), System.Text.RegularExpressions.Regex.Match(text, "\\b([0-9]{6})\\b", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Value);
    }

    private static string Fresh() => $"moved{Interlocked.Increment(ref _count)}@example.test";
    private static string Another(string code, int by) => ((int.Parse(code) + 1 + by) % 1_000_000).ToString("D6");
    private static Task<Answer> Confirms(Person person, string code) => person.Post("me/email/actions/confirm", new { code });
}
