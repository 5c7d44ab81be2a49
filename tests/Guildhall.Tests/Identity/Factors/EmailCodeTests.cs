using System.Text.RegularExpressions;
using Guildhall.Identity.Factors;

namespace Guildhall.Tests.Identity.Factors;

public sealed partial class EmailCodeTests(World world) : IClassFixture<World>
{
    [Fact]
    [Covers("I-6", "asvs-6.5.1")]
    public async Task A_code_by_mail_lets_in_once_on_level_one_and_proves_nothing_for_sensitive_acts()
    {
        var person = await world.Person();
        await person.SetsUpTotp();
        var step = await world.KnocksAs(person);
        (await step.Email("000000")).MustRefuse(IdentityRefusals.ChallengeFailed); // none was sent
        (await step.SendEmail()).Must(202).At("left").GetInt32().ShouldBe(2);
        var code = await Code(person, 1);
        person.Takes((await step.Email(code)).Must());
        (await step.Email(code)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await world.Database.Value<short>("select level from identity.sessions where account_id = $1 and ended_at is null and proven_by = 'email_code'", person.Id)).ShouldBe((short)1);
        (await person.Get("me")).Must();
        (await person.Delete("auth/totp")).MustRefuse(FoundationRefusals.StepUpRequired);
        (await person.StepsUp()).Methods.ShouldNotContain("email_code");
    }

    [Fact]
    [Covers("asvs-6.6.2")]
    public async Task Asvs_6_6_2_A_code_answers_the_challenge_it_was_sent_for_and_no_other()
    {
        var person = await world.Person();
        await person.SetsUpTotp();
        var (one, other) = (await world.KnocksAs(person), await world.KnocksAs(person));
        (await one.SendEmail()).Must(202);
        var code = await Code(person, 1);
        (await other.SendEmail()).Must(202);
        await Code(person, 2);
        (await other.Email(code)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await (one with { Token = other.Token }).Email(code)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await one.Email(code)).Must();
    }

    [Fact]
    [Covers("asvs-6.5.5")]
    public async Task Asvs_6_5_5_A_code_dies_within_ten_minutes()
    {
        var person = await world.Person();
        await person.SetsUpTotp();
        var step = await world.KnocksAs(person);
        (await step.SendEmail()).Must(202);
        var code = await Code(person, 1);
        await world.Clock.Passes(10.Minutes());
        (await step.Email(code)).MustRefuse(IdentityRefusals.ChallengeFailed);
    }

    [Fact]
    [Covers("I-6", "asvs-2.4.1")]
    public async Task A_new_code_voids_the_one_before_and_there_are_three_at_most()
    {
        var person = await world.Person();
        await person.SetsUpTotp();
        var step = await world.KnocksAs(person);
        (await step.SendEmail()).Must(202);
        var first = await Code(person, 1);
        (await step.SendEmail()).Must(202);
        var second = await Code(person, 2);
        if (first != second) (await step.Email(first)).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await step.SendEmail()).Must(202).At("left").GetInt32().ShouldBe(0);
        (await step.SendEmail()).MustRefuse(IdentityRefusals.TooManyCodes);
        (await step.Email(await Code(person, 3))).Must();
    }

    [Fact]
    [Covers("asvs-2.4.1")]
    public async Task One_account_gets_ten_codes_an_hour_over_all_challenges()
    {
        var person = await world.Person();
        await person.SetsUpTotp();
        for (var i = 0; i < SendEmailCode.PerHour; i++) (await (await world.KnocksAs(person)).SendEmail()).Must(202);
        (await (await world.KnocksAs(person)).SendEmail()).MustRefuse(IdentityRefusals.TooManyCodes).Headers["Retry-After"].ShouldNotBeEmpty();
    }

    [Fact]
    [Covers("asvs-6.3.4")]
    public async Task Staff_are_offered_no_code_by_mail()
    {
        var staff = await world.Person("admin");
        await staff.SetsUpTotp();
        var step = await world.KnocksAs(staff);
        step.Methods.ShouldBe(["totp", "backup_code"]);
        (await step.SendEmail()).MustRefuse(IdentityRefusals.MethodNotOffered);
        (await step.Email("123456")).MustRefuse(IdentityRefusals.MethodNotOffered);
    }

    private async Task<string> Code(Person person, int count)
    {
        var mails = await Eventually.Get(async () => (await world.Gateway.MailTo(person.Email)).Where(m => Digits().IsMatch(Text(m))).ToArray(), m => m.Length >= count, $"{count} codes to {person.Email} were expected");
        return Digits().Match(Text(mails[0])).Groups[1].Value;
    }

    private static string Text(System.Text.Json.JsonElement mail) => mail.GetProperty("text").GetString()!;

    [GeneratedRegex("your code is ([0-9]{6})", RegexOptions.None, 1000)]
    private static partial Regex Digits();
}
