
namespace Guildhall.Tests.Identity.Privacy;

public sealed class AskForExportTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-15")]
    public async Task A_person_gets_everything_that_is_held_about_them_and_nothing_of_others()
    {
        var (person, stranger) = (await world.Person(), await world.Person());
        (await person.Patch("me", new { displayName = "Layla Al-Sayed" })).Must();
        var export = await Made(person);
        var file = (await person.Get($"me/exports/{export}/file")).Must();
        file.Headers["Cache-Control"].ShouldContain("no-store");
        file.Headers["Content-Disposition"].ShouldContain("attachment");
        file.Json.EnumerateObject().Select(p => p.Name).ShouldBe(["madeAt", "account", "content", "files", "identity", "marketplace", "messages", "money", "operations"]);
        file.Word("identity.profile.email").ShouldBe(person.Email);
        file.At("identity.audit").EnumerateArray().Select(e => e.GetProperty("action").GetString()).ShouldContain("account.changed");
        file.Text.ShouldContain("Layla Al-Sayed");
        file.Text.ShouldNotContain(stranger.Email);
        foreach (var secret in new[] { "passwordHash", "pbkdf2", "cookieHash", "tokenHash" }) file.Text.ShouldNotContain(secret);
        (await world.Database.Count("foundation.audit where action = 'export.downloaded' and subject_id = $1", export)).ShouldBe(1);
        (await world.Told(person.Id, "export_ready")).ShouldBe(1);
    }

    [Fact]
    [Covers("identity-41", "I-15")]
    public async Task A_strangers_copy_is_not_found_and_the_attempt_is_audited()
    {
        var (person, stranger, admin) = (await world.Person(), await world.Person(), await world.Person("admin"));
        var export = await Made(person);
        foreach (var other in new[] { stranger, admin })
        {
            (await other.Get($"me/exports/{export}/file")).MustRefuse(FoundationRefusals.NotFound);
            (await other.Get("me/exports")).Must().At("items").GetArrayLength().ShouldBe(0);
            (await world.Database.Count("foundation.audit where action = 'malicious_direct_reference' and actor_id = $1 and subject_id = $2", other.Id, export)).ShouldBe(1);
        }
    }

    [Fact]
    [Covers("I-15", "asvs-15.2.2")]
    public async Task One_is_made_at_a_time_and_a_new_one_takes_the_place_of_the_old()
    {
        var person = await world.Person();
        await using (var gate = await Gate.Close(world.Database, "lock table identity.exports in share row exclusive mode"))
        {
            var asks = Enumerable.Range(0, 4).Select(_ => person.Post("me/exports")).ToArray();
            await gate.OpenWhenWaiting(4);
            (await Task.WhenAll(asks)).Count(a => a.Status == 202).ShouldBe(1);
        }
        await Ready(person);
        await Made(person);
        (await world.Database.Count("identity.exports where account_id = $1", person.Id)).ShouldBe(1);
    }

    [Fact]
    [Covers("I-15", "identity-57")]
    public async Task It_lies_sealed_and_is_gone_after_seven_days()
    {
        var person = await world.Person();
        var export = await Made(person);
        (await world.Database.Count("identity.exports where account_id = $1 and position($2::bytea in sealed) > 0", person.Id, System.Text.Encoding.UTF8.GetBytes(person.Email))).ShouldBe(0);
        await world.Clock.Passes(7.Days());
        await person.SignsIn();
        (await person.Get($"me/exports/{export}/file")).MustRefuse(FoundationRefusals.NotFound);
        (await person.Get("me/exports")).Must().At("items").GetArrayLength().ShouldBe(0);
        await world.EventuallyOr("the copy is deleted", async () => await world.Database.Count("identity.exports where account_id = $1", person.Id) == 0);
    }

    [Fact]
    [Covers("I-15")]
    public async Task Asking_and_fetching_need_a_fresh_proof()
    {
        var person = await world.Person();
        var export = await Made(person);
        await person.ProvedLongAgo();
        (await person.Post("me/exports")).MustRefuse(FoundationRefusals.StepUpRequired);
        (await person.Get($"me/exports/{export}/file")).MustRefuse(FoundationRefusals.StepUpRequired);
    }

    private async Task<string> Made(Person person)
    {
        var export = (await person.Post("me/exports")).Must(202).Word("id");
        await Ready(person);
        return export;
    }

    private Task Ready(Person person) => world.EventuallyOr("the copy is ready", async () => await world.Database.Count("identity.exports where account_id = $1 and state = 'asked'", person.Id) == 0);
}
