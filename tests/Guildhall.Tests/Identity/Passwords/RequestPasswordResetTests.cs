using System.Collections.Concurrent;
using Guildhall.Foundation.Data;
using Guildhall.Identity.Passwords;

namespace Guildhall.Tests.Identity.Passwords;

public sealed class RequestPasswordResetTests(PasswordWorld world) : IClassFixture<PasswordWorld>
{
    [Fact]
    [Covers("I-7", "identity-17", "asvs-6.3.8")]
    public async Task Asvs_6_3_8_Known_unknown_unconfirmed_and_suspended_read_the_same_and_cost_the_same()
    {
        var (known, suspended) = (await world.NotYetSignedIn(), await world.NotYetSignedIn());
        await world.Database.Execute("update identity.accounts set state = 'suspended' where id = $1", suspended.Id);
        (await world.Visitor().Post("auth/register", new { email = "unconfirmed@example.test", password = Person.Password, displayName = "U" })).Must(202);
        await world.Confirmation("unconfirmed@example.test");

        var (answers, heard) = (new List<Answer>(), new ConcurrentQueue<(Transaction In, string Sql)>());
        foreach (var database in world.Everywhere<Database>()) database.Overheard = (tx, sql, _) => heard.Enqueue((tx, sql));
        foreach (var email in (string[])[known.Email, "no-such-person@example.test", "unconfirmed@example.test", suspended.Email])
            answers.Add((await world.Visitor().Post("auth/password-resets", new { email })).Must(202));
        foreach (var database in world.Everywhere<Database>()) database.Overheard = null;
        answers.Select(a => a.Text).Distinct().ShouldBe(["""{"next":"check_your_mail"}"""]);
        answers.Select(a => string.Join(',', a.Headers.Keys.Order())).Distinct().Count().ShouldBe(1);
        var work = heard.GroupBy(h => h.In, h => h.Sql).Where(sent => sent.Any(sql => sql.Contains("where email_key = @key", StringComparison.Ordinal) && sql.StartsWith("select id from", StringComparison.Ordinal))).ToArray();
        work.Length.ShouldBe(4);
        work.Select(sent => string.Join(";", sent)).Distinct().Count().ShouldBe(1);

        await world.ResetToken(known.Email);
        await world.Confirmation("unconfirmed@example.test", count: 2); // confirming comes first
        await world.JobsAreDone();
        (await world.Gateway.MailTo(suspended.Email)).ShouldBeEmpty();
        (await world.Gateway.MailTo("no-such-person@example.test")).ShouldBeEmpty();
        foreach (var person in (Person[])[known, suspended]) (await world.Database.Count("foundation.audit where action = 'password.reset_asked' and subject_id = $1", new AccountId(person.Id).ToString())).ShouldBe(1);
        (await world.Database.Count("foundation.audit where action = 'password.reset_asked' and subject_id = 'unknown'")).ShouldBeGreaterThan(0);
    }

    [Fact]
    [Covers("identity-19")]
    public async Task A_look_alike_of_an_address_is_refused_and_another_spelling_is_answered_to_the_stored_one()
    {
        var person = await world.NotYetSignedIn();
        var local = person.Email.Split('@')[0];
        foreach (var likeness in (string[])["\u212A" + person.Email, $"{local}@e\u212Aample.test", person.Email.Replace('p', '\uFF50')])
            (await world.Visitor().Post("auth/password-resets", new { email = likeness })).MustRefuse(FoundationRefusals.InvalidInput);
        (await world.Visitor().Post("auth/password-resets", new { email = person.Email.ToUpperInvariant() })).Must(202);
        await world.ResetToken(person.Email);
        (await world.Gateway.MailTo(person.Email))[0].GetProperty("to").ToString().ShouldContain(person.Email);
    }

    [Fact]
    [Covers("I-10", "I-7")]
    public async Task Five_messages_an_hour_go_to_one_account_known_or_not_and_whoever_asks()
    {
        var person = await world.NotYetSignedIn();
        foreach (var email in (string[])[person.Email, "insistent@example.test"])
        {
            for (var i = 0; i < RequestPasswordReset.PerHour; i++) (await world.Visitor().Post("auth/password-resets", new { email })).Must(202);
            var limited = (await world.Visitor().Post("auth/password-resets", new { email = email.ToUpperInvariant() })).MustRefuse(FoundationRefusals.RateLimited);
            int.Parse(limited.Headers["Retry-After"]).ShouldBeInRange(3500, 3600);
        }
        (await (await world.Person("admin")).Post($"admin/accounts/{new AccountId(person.Id)}/actions/send-password-reset", new { why = "asked on the phone" })).MustRefuse(FoundationRefusals.RateLimited);
    }

    [Fact]
    [Covers("asvs-6.4.2")]
    public async Task Asvs_6_4_2_There_are_no_hints_and_no_secret_questions() =>
        (await world.Database.Column<string>("""
            select table_name || '.' || column_name from information_schema.columns where table_schema = 'identity' and column_name ~ 'hint|question|answer|maiden|pet_name'
            """)).ShouldBeEmpty();
}
