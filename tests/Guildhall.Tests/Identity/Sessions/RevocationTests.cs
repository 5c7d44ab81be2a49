using Guildhall.Foundation.Data;

namespace Guildhall.Tests.Identity.Sessions;

public sealed class RevocationTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-4", "identity-9", "asvs-7.4.1")]
    public async Task Asvs_7_4_1_after_the_answer_to_signing_out_no_node_accepts_the_session()
    {
        var person = await world.Person();
        for (var i = 0; i < 10; i++)
        {
            await person.SignsIn();
            await KnownToBoth(person);
            person.OnlyNode = i % 2;
            var answer = (await person.Post("auth/sign-out")).Must(204);
            answer.Headers["Clear-Site-Data"].ShouldContain("cookies");
            await RefusedByBoth(person);
            (await world.Visitor().Post("auth/refresh", new { refreshToken = person.RefreshToken })).MustRefuse(IdentityRefusals.SessionExpired);
        }
    }

    [Fact]
    [Covers("I-5", "identity-41", "asvs-7.5.2")]
    public async Task One_session_is_ended_and_the_others_live()
    {
        var person = await world.Person();
        var phone = await person.OnAnotherDevice();
        await KnownToBoth(phone);
        (await person.Delete("sessions/" + phone.Session)).Must(204);
        await RefusedByBoth(phone);
        (await person.Get("me")).Must();
        (await person.Delete("sessions/" + phone.Session)).MustRefuse(FoundationRefusals.NotFound);
        (await person.Delete("sessions/no-id-at-all")).Status.ShouldBe(400);
    }

    [Fact]
    [Covers("identity-41")]
    public async Task A_strangers_session_is_not_found_and_the_attempt_is_audited()
    {
        var (person, stranger) = (await world.Person(), await world.Person());
        (await stranger.Delete("sessions/" + person.Session)).MustRefuse(FoundationRefusals.NotFound);
        (await person.Get("me")).Must();
        (await world.Database.Count("foundation.audit where action = 'malicious_direct_reference' and actor_id = $1 and subject_id = $2", stranger.Id, person.Session)).ShouldBe(1);
    }

    [Fact]
    [Covers("I-5")]
    public async Task All_others_are_ended_and_the_one_that_asks_goes_on()
    {
        var person = await world.Person();
        var (phone, tablet) = (await person.OnAnotherDevice(), await person.OnAnotherDevice());
        await KnownToBoth(phone);
        await KnownToBoth(tablet);
        (await person.Post("sessions/actions/end-others")).Must().At("ended").GetInt32().ShouldBe(2);
        await RefusedByBoth(phone);
        await RefusedByBoth(tablet);
        var left = (await person.Get("sessions")).Must();
        left.At("items").GetArrayLength().ShouldBe(1);
        left.At("items.0.current").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    [Covers("I-5", "identity-9", "asvs-7.4.5")]
    public async Task Ending_all_signs_out_everywhere_with_one_step_of_the_epoch()
    {
        var person = await world.Person();
        var phone = await person.OnAnotherDevice();
        await KnownToBoth(person);
        await KnownToBoth(phone);
        (await person.Post("sessions/actions/end-all")).Must(204);
        await RefusedByBoth(person);
        await RefusedByBoth(phone);
        (await world.Visitor().Post("auth/refresh", new { refreshToken = phone.RefreshToken })).MustRefuse(IdentityRefusals.SessionExpired);
        await person.SignsIn();
        (await person.Get("me")).Must();
    }

    [Fact]
    [Covers("I-5", "asvs-7.4.5")]
    public async Task Staff_end_anybodys_session_and_others_may_not()
    {
        var (person, admin, finance) = (await world.Person(), await world.Person("admin"), await world.Person("finance"));
        await KnownToBoth(person);
        (await finance.Delete("admin/sessions/" + person.Session)).MustRefuse(FoundationRefusals.NotAllowed).Word("permission").ShouldBe("session.end");
        (await admin.Delete("admin/sessions/" + person.Session)).Must(204);
        await RefusedByBoth(person);
        (await admin.Delete("admin/sessions/" + person.Session)).MustRefuse(FoundationRefusals.NotFound);
    }

    [Fact]
    [Covers("I-12", "identity-9", "asvs-7.4.2")]
    public async Task Asvs_7_4_2_a_suspended_account_is_out_on_every_node_and_comes_back_only_by_signing_in()
    {
        var (person, admin) = (await world.Person(), await world.Person("admin"));
        var account = new AccountId(person.Id);
        await KnownToBoth(person);
        (await admin.Post($"admin/accounts/{account}/actions/suspend", new { why = "chargebacks" })).Must(204);
        await RefusedByBoth(person);
        (await world.Visitor().Post("auth/refresh", new { refreshToken = person.RefreshToken })).MustRefuse(IdentityRefusals.SessionExpired);
        (await admin.Post($"admin/accounts/{account}/actions/suspend", new { why = "chargebacks" })).MustRefuse(IdentityRefusals.WrongAccountState);
        (await admin.Post($"admin/accounts/{account}/actions/reactivate", new { why = "cleared up" })).Must(204);
        (await admin.Post($"admin/accounts/{account}/actions/reactivate", new { why = "cleared up" })).MustRefuse(IdentityRefusals.WrongAccountState);
        await RefusedByBoth(person);
        await person.SignsIn();
        (await person.Get("me")).Must();
    }

    [Fact]
    [Covers("I-4")]
    public async Task A_node_that_hears_nothing_reads_the_row_every_time()
    {
        await using var deaf = new DeafWorld();
        await deaf.InitializeAsync();
        var person = await deaf.Person();
        person.OnlyNode = 1;
        (await person.Get("me")).Must();
        await deaf.Get<NodeChannel>(1).StopAsync(default);
        await deaf.EventuallyOr("node 1 has noticed", () => Task.FromResult(!deaf.Get<NodeChannel>(1).IsAlive));
        (await person.Get("me")).Must();
        await deaf.Database.Execute("update identity.sessions set ended_at = now(), ended_why = 'signed_out' where account_id = $1", person.Id);
        (await person.Get("me")).MustRefuse(IdentityRefusals.SessionExpired);
    }

    private static async Task KnownToBoth(Person person)
    {
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); }
        person.OnlyNode = null;
    }

    private static async Task RefusedByBoth(Person person)
    {
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).MustRefuse(IdentityRefusals.SessionExpired); }
        person.OnlyNode = null;
    }
}

/// <summary>A world of its own, for the test that stops a node's ears.</summary>
public sealed class DeafWorld : NodesOnly;
