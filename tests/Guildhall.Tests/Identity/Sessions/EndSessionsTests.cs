namespace Guildhall.Tests.Identity.Sessions;

/// <summary>A world of its own: everybody is signed out here.</summary>
public sealed class EverybodysWorld : NodesOnly;

public sealed class EndSessionsTests(EverybodysWorld world) : IClassFixture<EverybodysWorld>
{
    [Fact]
    [Covers("I-5", "asvs-7.4.5")]
    public async Task Asvs_7_4_5_staff_sign_one_person_out_everywhere_with_a_reason()
    {
        var (person, admin) = (await world.Person(), await world.Person("admin"));
        var phone = await person.OnAnotherDevice();
        await KnownToBoth(person, phone);
        var path = $"admin/accounts/{new AccountId(person.Id)}/sessions/actions/end-all";
        (await admin.Post(path, new { why = " " })).Status.ShouldBe(422);
        (await (await world.Person("finance")).Post(path, new { why = "not theirs to do" })).MustRefuse(FoundationRefusals.NotAllowed);
        (await admin.Post(path, new { why = "lost her bag" })).Must().At("ended").GetInt32().ShouldBe(2);
        await RefusedByBoth(person, phone);
        (await Refresh(phone)).MustRefuse(IdentityRefusals.SessionExpired);
        (await world.Database.Column<string>("select distinct ended_why from identity.sessions where account_id = $1", person.Id)).ShouldBe(["ended_by_staff"]);
        (await world.Database.Count("foundation.audit where action = 'session.all_ended' and subject_id = $1 and why = 'lost her bag'", new AccountId(person.Id).ToString())).ShouldBe(1);
        (await (await person.SignsIn()).Get("me")).Must();
        (await admin.Post($"admin/accounts/{new AccountId(Guid.CreateVersion7())}/sessions/actions/end-all", new { why = "nobody there" })).MustRefuse(FoundationRefusals.NotFound);
    }

    [Fact]
    [Covers("I-5", "asvs-7.4.5")]
    public async Task Asvs_7_4_5_everybody_but_the_one_who_asks_is_signed_out_on_every_node()
    {
        var (admin, other) = (await world.Person("admin"), await world.Person("admin"));
        Person[] people = [await world.Person(), await world.Person("provider"), await world.Person("finance"), other];
        await KnownToBoth([.. people, admin]);
        (await other.Post("admin/sessions/actions/end-everyone", new { why = "x" })).Status.ShouldBe(422);
        await world.Database.Execute("update identity.sessions set proven_at = null where account_id = $1", other.Id);
        (await other.Post("admin/sessions/actions/end-everyone", new { why = "a stolen backup" })).MustRefuse(FoundationRefusals.StepUpRequired);
        var stepUp = (await people[0].Post("auth/step-ups")).Must(201);

        (await admin.Post("admin/sessions/actions/end-everyone", new { why = "a stolen backup" })).Must();
        await RefusedByBoth(people);
        foreach (var person in people) (await Refresh(person)).MustRefuse(IdentityRefusals.SessionExpired);
        await KnownToBoth(admin);
        (await Refresh(admin)).Must();
        (await people[0].Post($"auth/challenges/{stepUp.Word("id")}/password", new { challengeToken = stepUp.Word("token"), password = Person.Password })).Status.ShouldBe(401);
        (await admin.Get("admin/sessions?state=living")).Must().At("items").GetArrayLength().ShouldBe(1);
        (await (await people[0].SignsIn()).Get("me")).Must();
        await world.Data().InTransaction(tx => Guildhall.Identity.Sessions.ForgetSessions.Run(tx, new()));
        (await world.Database.Count("identity.sessions where account_id = $1 and ended_why = 'ended_by_staff'", people[1].Id)).ShouldBe(1);
    }

    [Fact]
    [Covers("I-5", "identity-7")]
    public async Task A_step_up_that_was_under_way_when_everybody_was_signed_out_gives_no_living_session()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        var stepUp = (await person.Post("auth/step-ups")).Must(201);
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.sessions where account_id = $1 for update", person.Id);
        var answer = person.Post($"auth/challenges/{stepUp.Word("id")}/password", new { challengeToken = stepUp.Word("token"), password = Person.Password });
        await Eventually.True(async () => await gate.Waiting() > 0, "The step-up waits at the gate.");
        var ending = admin.Post("admin/sessions/actions/end-everyone", new { why = "a stolen backup" }); // waits for the challenge, which the step-up holds
        await gate.OpenWhenWaiting(2);
        (await ending).Must();
        if ((await answer) is { Status: 200 } proven)
        {
            person.Token = proven.Word("accessToken");
            await RefusedByBoth(person);
            (await world.Visitor().Post("auth/refresh", new { refreshToken = proven.Word("refreshToken") })).MustRefuse(IdentityRefusals.SessionExpired);
        }
    }

    [Fact]
    [Covers("I-5", "asvs-7.4.5")]
    public async Task A_second_step_that_was_open_when_everybody_was_signed_out_is_over()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        var (app, _) = await person.SetsUpTotp();
        var step = await world.KnocksAs(person);
        (await admin.Post("admin/sessions/actions/end-everyone", new { why = "a stolen backup" })).Must();
        (await step.Totp(await app.NextCode())).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await (await world.KnocksAs(person)).Totp(await app.Code())).Must();
    }

    [Fact]
    [Covers("asvs-7.5.2")]
    public async Task Asvs_7_5_2_to_be_the_only_one_left_in_needs_a_fresh_proof_and_to_end_a_session_does_not()
    {
        var person = await world.Person();
        var (phone, tablet) = (await person.OnAnotherDevice(), await person.OnAnotherDevice());
        await world.Database.Execute("update identity.sessions set proven_at = null where account_id = $1", person.Id);
        (await person.Get("sessions")).Must().At("items").GetArrayLength().ShouldBe(3);
        (await person.Post("sessions/actions/end-others")).MustRefuse(FoundationRefusals.StepUpRequired);
        await KnownToBoth(phone, tablet);
        (await person.Delete("sessions/" + phone.Session)).Must(204);
        await RefusedByBoth(phone);
        (await person.Post("sessions/actions/end-all")).Must(204);
        await RefusedByBoth(person, tablet);
    }

    [Fact]
    [Covers("I-5")]
    public async Task Cleaning_up_closes_what_ran_out_and_answers_the_counts()
    {
        var (person, admin) = (await world.Person(), await world.Person("admin"));
        await world.Database.Execute("update identity.sessions set last_active = last_active - interval '3 hours' where account_id = $1", person.Id);
        var counts = (await admin.Post("admin/sessions/actions/clean-up")).Must();
        counts.At("closed").GetInt32().ShouldBeGreaterThanOrEqualTo(1);
        counts.At("more").GetBoolean().ShouldBeFalse();
        (await world.Database.Value<string>("select ended_why from identity.sessions where account_id = $1", person.Id)).ShouldBe("idle");
        await world.Database.Execute("update identity.sessions set ended_at = ended_at - interval '31 days' where account_id = $1", person.Id);
        (await admin.Post("admin/sessions/actions/clean-up")).Must().At("sessions").GetInt32().ShouldBeGreaterThanOrEqualTo(1);
        (await world.Database.Count("identity.sessions where account_id = $1", person.Id)).ShouldBe(0);
        (await admin.Get("me")).Must();
        (await (await world.Person("finance")).Post("admin/sessions/actions/clean-up")).MustRefuse(FoundationRefusals.NotAllowed);
    }

    private Task<Answer> Refresh(Person person) => world.Visitor().Post("auth/refresh", new { refreshToken = person.RefreshToken });

    private static async Task KnownToBoth(params Person[] people)
    {
        foreach (var person in people)
            for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); person.OnlyNode = null; }
    }

    private static async Task RefusedByBoth(params Person[] people)
    {
        foreach (var person in people)
            for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).MustRefuse(IdentityRefusals.SessionExpired); person.OnlyNode = null; }
    }
}
