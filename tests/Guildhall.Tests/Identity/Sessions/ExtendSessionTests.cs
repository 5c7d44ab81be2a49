namespace Guildhall.Tests.Identity.Sessions;

public sealed class ExtendSessionTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-5", "identity-53")]
    public async Task However_often_it_is_extended_a_session_ends_72_hours_after_sign_in()
    {
        var person = await world.Person();
        (await person.Post("sessions/actions/extend")).Must().At("expiresAt").GetDateTimeOffset().ShouldBeInRange(world.Clock.Now + TimeSpan.FromHours(23.9), world.Clock.Now + 24.Hours());
        await SignedInHoursAgo(person, 40, endsInHours: 1);
        (await person.Post("sessions/actions/extend")).Must().At("expiresAt").GetDateTimeOffset().ShouldBeInRange(world.Clock.Now + TimeSpan.FromHours(23.9), world.Clock.Now + 24.Hours());
        await SignedInHoursAgo(person, 60, endsInHours: 1);
        var last = (await person.Post("sessions/actions/extend")).Must();
        last.At("expiresAt").GetDateTimeOffset().ShouldBe(last.At("latest").GetDateTimeOffset());
        for (var again = 0; again < 5; again++)
            (await person.Post("sessions/actions/extend")).Must().At("expiresAt").GetDateTimeOffset().ShouldBe(last.At("latest").GetDateTimeOffset());
        (await world.Database.Count("identity.sessions where account_id = $1 and expires_at = created_at + interval '72 hours'", person.Id)).ShouldBe(1);
        (await world.Database.Count("foundation.audit where action = 'session.extended' and actor_id = $1", person.Id)).ShouldBe(3);
        await Should.ThrowAsync<Npgsql.PostgresException>(() => world.Database.Execute("update identity.sessions set expires_at = created_at + interval '73 hours' where account_id = $1", person.Id));
    }

    [Fact]
    [Covers("I-5", "identity-53")]
    public async Task A_session_of_somebody_else_or_one_that_ended_is_not_found()
    {
        var (person, stranger) = (await world.Person(), await world.Person());
        var phone = await person.OnAnotherDevice();
        (await person.Post("sessions/actions/extend", new { session = phone.Session })).Must().Word("id").ShouldBe(phone.Session);
        (await person.Post("sessions/actions/extend", new { session = stranger.Session })).MustRefuse(FoundationRefusals.NotFound);
        (await person.Delete("sessions/" + phone.Session)).Must(204);
        (await person.Post("sessions/actions/extend", new { session = phone.Session })).MustRefuse(FoundationRefusals.NotFound);
        (await phone.Post("sessions/actions/extend")).MustRefuse(IdentityRefusals.SessionExpired);
    }

    [Fact]
    [Covers("I-5", "identity-53")]
    public async Task Only_with_a_fresh_proof_and_never_for_staff()
    {
        var (person, finance) = (await world.Person(), await world.Person("finance"));
        (await finance.Post("sessions/actions/extend")).MustRefuse(IdentityRefusals.SessionNotExtendable);
        await world.Database.Execute("update identity.sessions set proven_at = proven_at - interval '11 minutes' where account_id = $1", person.Id);
        (await person.Post("sessions/actions/extend")).MustRefuse(FoundationRefusals.StepUpRequired);
        var challenge = (await person.Post("auth/step-ups")).Must(201);
        var proven = (await person.Post($"auth/challenges/{challenge.Word("id")}/password", new { challengeToken = challenge.Word("token"), password = Person.Password })).Must();
        person.Token = proven.Word("accessToken");
        (await person.Post("sessions/actions/extend")).Must();
    }

    private Task SignedInHoursAgo(Person person, int hours, int endsInHours) => world.Database.Execute(
        "update identity.sessions set created_at = $2, expires_at = $3 where account_id = $1", person.Id, world.Clock.Now.AddHours(-hours), world.Clock.Now.AddHours(endsInHours));
}
