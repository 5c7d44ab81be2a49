using Guildhall.Identity.Phones;

namespace Guildhall.Tests.Identity.Phones;

public sealed class VerifyPhoneTests(World world) : IClassFixture<World>
{
    [Fact]
    [Covers("I-6", "asvs-6.6.1")]
    public async Task Asvs_6_6_1_A_number_is_the_accounts_once_its_code_was_entered_and_the_risk_is_said()
    {
        var (person, number) = (await world.Person(), Handset.NewNumber());
        var asked = (await person.Post("me/phone", new { phone = number })).Must(202);
        asked.Word("to").ShouldBe("…" + number[^3..]);
        asked.Word("risk.text").ShouldContain("redirected");
        asked.At("risk.safer").EnumerateArray().Select(m => m.GetString()).ShouldBe(["passkey", "totp"]);
        var before = (await person.Get("me/phone")).Must();
        (before.At("phone").GetString(), before.Word("pending.to")).ShouldBe((null, "…" + number[^3..]));

        var code = await world.CodeOn(number);
        (await person.Post("me/phone/actions/verify", new { code })).Must(204);
        var after = (await person.Get("me/phone")).Must();
        after.Word("phone").ShouldBe(number);
        after.At("pending").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await person.Post("me/phone/actions/verify", new { code })).MustRefuse(IdentityRefusals.PhoneCodeFailed);
    }

    [Fact]
    [Covers("asvs-7.5.1")]
    public async Task Asvs_7_5_1_A_number_is_changed_or_taken_off_only_after_a_fresh_proof()
    {
        var person = await world.Person();
        await person.Confirms();
        await world.Clock.Passes(11.Minutes());
        await person.StaysSignedIn();
        (await person.Post("me/phone", new { phone = Handset.NewNumber() })).MustRefuse(FoundationRefusals.StepUpRequired);
        (await person.Delete("me/phone")).MustRefuse(FoundationRefusals.StepUpRequired);
        (await world.Visitor().Post("me/phone", new { phone = Handset.NewNumber() })).MustRefuse(FoundationRefusals.SignInFirst);
    }

    [Fact]
    [Covers("asvs-6.3.7")]
    public async Task Asvs_6_3_7_The_old_number_the_new_one_and_the_mail_address_hear_of_a_change()
    {
        var person = await world.Person();
        var old = await person.Confirms();
        var number = await person.Confirms();
        (await world.Text(old, 3)).ShouldContain("was taken off an account");
        (await world.Text(number, 2)).ShouldContain("now belongs to an account");
        (await world.Mail(person.Email, 2)).ShouldContain($"ending …{number[^3..]}");

        (await person.Delete("me/phone")).Must(204);
        (await world.Text(number, 3)).ShouldContain("was taken off an account");
        (await world.Mail(person.Email, 3)).ShouldContain("taken off your account");
        (await person.Delete("me/phone")).Must(204);
        (await world.TextsTo(number)).Count.ShouldBe(3);
        (await person.Get("me/phone")).Must().At("phone").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    [Covers("asvs-6.6.3", "asvs-6.5.5")]
    public async Task After_five_wrong_codes_or_ten_minutes_the_right_one_is_wrong_too()
    {
        var (person, number) = (await world.Person(), Handset.NewNumber());
        (await person.Post("me/phone", new { phone = number })).Must(202);
        var code = await world.CodeOn(number);
        for (var i = 1; i <= 5; i++) (await person.Post("me/phone/actions/verify", new { code = Handset.Not(code, i) })).MustRefuse(IdentityRefusals.PhoneCodeFailed);
        (await person.Post("me/phone/actions/verify", new { code })).MustRefuse(IdentityRefusals.PhoneCodeFailed);

        var (late, theirs) = (await world.Person(), Handset.NewNumber());
        (await late.Post("me/phone", new { phone = theirs })).Must(202);
        var soonOld = await world.CodeOn(theirs);
        await world.Clock.Passes(10.Minutes());
        await late.StaysSignedIn();
        (await late.Post("me/phone/actions/verify", new { code = soonOld })).MustRefuse(IdentityRefusals.PhoneCodeFailed);
    }

    [Fact]
    [Covers("marketplace-41")]
    public async Task A_new_code_voids_the_one_before()
    {
        var (person, first, second) = (await world.Person(), Handset.NewNumber(), Handset.NewNumber());
        (await person.Post("me/phone", new { phone = first })).Must(202);
        var old = await world.CodeOn(first);
        (await person.Post("me/phone", new { phone = second })).Must(202);
        var fresh = await world.CodeOn(second);
        if (!string.Equals(old, fresh, StringComparison.Ordinal)) (await person.Post("me/phone/actions/verify", new { code = old })).MustRefuse(IdentityRefusals.PhoneCodeFailed);
        (await person.Post("me/phone/actions/verify", new { code = fresh })).Must(204);
        (await person.Get("me/phone")).Must().Word("phone").ShouldBe(second);
    }

    [Fact]
    public async Task A_number_belongs_to_one_account_and_only_who_enters_its_code_learns_that_it_is_taken()
    {
        var (owner, other) = (await world.Person(), await world.Person());
        var number = await owner.Confirms();
        (await other.Post("me/phone", new { phone = number })).Must(202);
        (await other.Post("me/phone/actions/verify", new { code = await world.CodeOn(number, 3) })).MustRefuse(IdentityRefusals.PhoneTaken);
        (await owner.Get("me/phone")).Must().Word("phone").ShouldBe(number);

        (await owner.Delete("me/phone")).Must(204);
        await world.Text(number, 4);
        (await other.Confirms(number)).ShouldBe(number);
    }

    [Fact]
    public async Task Of_two_accounts_that_confirm_one_number_at_once_one_gets_it()
    {
        var (one, two, number) = (await world.Person(), await world.Person(), Handset.NewNumber());
        (await one.Post("me/phone", new { phone = number })).Must(202);
        var first = await world.CodeOn(number);
        (await two.Post("me/phone", new { phone = number })).Must(202);
        var second = await world.CodeOn(number, 2);
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.phone_verifications where account_id in ($1, $2) for update", one.Id, two.Id);
        Task<Answer>[] racers = [one.Post("me/phone/actions/verify", new { code = first }), two.Post("me/phone/actions/verify", new { code = second })];
        await gate.OpenWhenWaiting(2);
        (await Task.WhenAll(racers)).Select(a => a.Status).Order().ShouldBe([204, 409]);
    }

    [Fact]
    [Covers("asvs-6.5.3", "identity-57")]
    public async Task Asvs_6_5_3_Codes_are_random_and_the_database_holds_none_of_them()
    {
        var (person, number) = (await world.Person(), Handset.NewNumber());
        (await person.Post("me/phone", new { phone = number })).Must(202);
        var code = await world.CodeOn(number);
        var rows = string.Join('\n', await world.Database.Column<string>("""
            select to_jsonb(v)::text from identity.phone_verifications v union all select to_jsonb(d)::text from messaging.deliveries d union all select payload::text from foundation.jobs
            union all select to_jsonb(a)::text from foundation.audit a
            """));
        rows.ShouldNotContain($"\"{code}\"");
        System.Text.RegularExpressions.Regex.IsMatch(rows, $"(?<![0-9a-f.]){code}(?![0-9a-f])", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5)).ShouldBeFalse();

        var many = Enumerable.Range(0, 20_000).Select(_ => PhoneCodes.New()).ToArray();
        many.ShouldAllBe(c => c.Length == 6);
        many.Distinct().Count().ShouldBeGreaterThan(19_600); // 198 repeats are expected of 20,000 out of a million
        for (var place = 0; place < 6; place++) many.GroupBy(c => c[place]).ShouldAllBe(g => g.Count() > 1750 && g.Count() < 2250);
    }

    [Fact]
    public async Task What_changed_stands_in_the_audit_without_the_number()
    {
        var person = await world.Person();
        var number = await person.Confirms();
        (await person.Delete("me/phone")).Must(204);
        var entries = await world.Database.Column<string>("select to_jsonb(a)::text from foundation.audit a where actor_id = $1 and action like 'phone.%' order by id", person.Id);
        entries.Count.ShouldBe(3);
        entries[1].ShouldContain("…" + number[^3..]);
        string.Join("", entries).ShouldNotContain(number[1..]);
    }
}
