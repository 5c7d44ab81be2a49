namespace Guildhall.Tests.Identity.Accounts;

public sealed class MeTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-4")]
    public async Task A_session_that_was_just_read_is_answered_for_without_the_database()
    {
        var person = await world.Person();
        person.OnlyNode = 0;
        await world.EventuallyOr("node 0 hears itself", () => Task.FromResult(world.Get<Guildhall.Foundation.Data.NodeChannel>().IsAlive));
        (await person.Get("me")).Must();
        await using var gate = await Gate.Close(world.Database, "lock table identity.sessions, identity.accounts in access exclusive mode");
        (await person.Get("me")).Must().Word("id").ShouldBe(new AccountId(person.Id).ToString());
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_told_to() => (await world.Visitor().Get("me")).MustRefuse(FoundationRefusals.SignInFirst);

    [Fact]
    [Covers("I-1", "I-13")]
    public async Task A_changed_name_is_seen_on_every_node_at_once_and_audited_without_being_readable()
    {
        var person = await world.Person();
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); }
        person.OnlyNode = 0;
        (await person.Patch("me", new { displayName = " Layla Al-Sabah ", language = "ar" })).Must().Word("displayName").ShouldBe("Layla Al-Sabah");
        person.OnlyNode = 1;
        var me = (await person.Get("me")).Must();
        me.Word("displayName").ShouldBe("Layla Al-Sabah");
        me.Word("language").ShouldBe("ar");
        me.Word("zone").ShouldBe("Asia/Kuwait");
        (await world.Database.Value<string>("select display_name || language from messaging.recipients where person_id = $1", person.Id)).ShouldBe("Layla Al-Sabahar");
        var audit = await world.Database.Value<string>("select a::text from foundation.audit a where action = 'account.changed' and actor_id = $1", person.Id);
        audit.ShouldNotContain("Layla");
    }

    [Theory]
    [InlineData("displayName", "<b>")]
    [InlineData("language", "xx")]
    [InlineData("zone", "Nowhere")]
    public async Task What_cannot_be_is_named(string field, string value)
    {
        var person = await world.Person();
        (await person.Patch("me", new Dictionary<string, string> { [field] = value })).MustRefuse(FoundationRefusals.InvalidInput).At("fields").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Theory]
    [Covers("identity-40")]
    [InlineData("""{"roles":["admin"]}""")]
    [InlineData("""{"emailVerified":true}""")]
    [InlineData("""{"id":"acc_00000000000000000000000000"}""")]
    public async Task What_the_server_decides_cannot_be_sent(string body)
    {
        var person = await world.Person();
        (await person.Send(HttpMethod.Patch, "me", new StringContent(body, System.Text.Encoding.UTF8, "application/json"))).MustRefuse(FoundationRefusals.ServerDecides);
    }
}
