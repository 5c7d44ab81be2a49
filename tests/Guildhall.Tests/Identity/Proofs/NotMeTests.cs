namespace Guildhall.Tests.Identity.Proofs;

public sealed class NotMeTests(World world) : IClassFixture<World>
{
    [Fact]
    [Covers("I-11", "asvs-6.3.5", "identity-9")]
    public async Task Who_says_it_was_not_them_signs_everybody_out_on_every_node_and_has_to_choose_a_new_password()
    {
        var person = await world.NotYetSignedIn();
        await person.SignsIn();
        var thief = new Person(world, person.Id, person.Email);
        var device = (await world.Visitor().Post("auth/sign-in", new { email = person.Email, password = Person.Password })).Must();
        thief.Takes(device);
        var token = Token(await world.Mail(person.Email));
        (await world.Visitor().Get("/not-me")).Must(); // a scanner that opens the link changes nothing
        (await thief.Get("me")).Must();

        await world.Database.Execute("update identity.devices set trusted_until = $2 where account_id = $1", person.Id, world.Clock.Now.AddDays(20).UtcDateTime);
        (await world.Visitor().Post("auth/not-me", new { token })).Must(204);
        (await world.Database.Count("identity.devices where account_id = $1 and trusted_until is not null", person.Id)).ShouldBe(0);
        foreach (var session in (Person[])[thief, person])
            for (var node = 0; node < 2; node++) { session.OnlyNode = node; (await session.Get("me")).MustRefuse(IdentityRefusals.SessionExpired); }
        (await world.Visitor().Post("auth/refresh", new { refreshToken = thief.RefreshToken })).Status.ShouldBe(401);
        (await world.Database.Value<bool>("select must_change_password from identity.accounts where id = $1", person.Id)).ShouldBeTrue();
        (await world.Database.Count("identity.devices where account_id = $1 and revoked_at is not null", person.Id)).ShouldBe(1);
        (await world.Database.Count("identity.sessions where account_id = $1 and ended_why = 'not_me'", person.Id)).ShouldBe(1);
        (await world.Database.Count("foundation.audit where action = 'device.not_me'")).ShouldBe(1);
        await Comes(person.Email, "text", "/forgot-password"); // what happened and what to do
        await Comes(person.Email, "subject", "Choose a new password"); // and the link that does it

        var epoch = await world.Database.Value<int>("select epoch from identity.accounts where id = $1", person.Id);
        (await world.Visitor().Post("auth/not-me", new { token })).Must(204); // pressed twice
        (await world.Database.Value<int>("select epoch from identity.accounts where id = $1", person.Id)).ShouldBe(epoch);
    }

    [Fact]
    [Covers("I-11")]
    public async Task A_damaged_or_old_link_is_refused()
    {
        (await world.Visitor().Post("auth/not-me", new { token = "short" })).MustRefuse(IdentityRefusals.LinkInvalid);
        (await world.Visitor().Post("auth/not-me", new { token = new string('A', 43) })).MustRefuse(IdentityRefusals.LinkInvalid);
        var person = await world.NotYetSignedIn();
        await person.SignsIn();
        (await world.Visitor().Post("auth/sign-in", new { email = person.Email, password = Person.Password })).Must();
        var token = Token(await world.Mail(person.Email));
        await world.Clock.Passes(31.Days());
        (await world.Visitor().Post("auth/not-me", new { token })).MustRefuse(IdentityRefusals.LinkInvalid);
    }

    private Task Comes(string address, string part, string words) => world.EventuallyOr($"No mail came whose {part} has {words}",
        async () => (await world.Gateway.MailTo(address)).Any(mail => mail.GetProperty(part).GetString()!.Contains(words, StringComparison.Ordinal)));

    private static string Token(string mail) => mail[(mail.IndexOf("not-me#", StringComparison.Ordinal) + "not-me#".Length)..][..43];
}
