namespace Guildhall.Tests.Identity.Passwords;

public sealed class SendPasswordResetTests(PasswordWorld world) : IClassFixture<PasswordWorld>
{
    [Fact]
    [Covers("asvs-6.4.6", "I-7")]
    public async Task Asvs_6_4_6_Staff_have_a_link_sent_and_see_neither_it_nor_a_password()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        var answer = (await Send(admin, person, new { why = "cannot get in, called back" })).Must(204);
        answer.Text.ShouldBeEmpty();
        var token = await world.ResetToken(person.Email);
        (await person.Get("me")).Must(); // nothing has changed yet
        (await world.Resets(token)).Must(204);
        (await world.SignsIn(person.Email, PasswordWorld.First)).Must();
        var audit = await world.Database.Value<string>("select a::text from foundation.audit a where action = 'password.reset_sent' and actor_id = $1", admin.Id);
        audit.ShouldContain("called back");
        audit.ShouldNotContain(token);

        (await Send(admin, person, new { why = "set it for them", password = "chosen by an administrator" })).MustRefuse(FoundationRefusals.InvalidBody);
        (await admin.Patch("admin/accounts/" + new AccountId(person.Id), new { password = "chosen by an administrator" })).Status.ShouldBeOneOf(404, 405);
    }

    [Fact]
    [Covers("asvs-6.4.6", "identity-9")]
    public async Task A_password_that_may_be_known_to_others_is_given_up_at_once()
    {
        var (admin, person) = (await world.Person("admin"), await world.Person());
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); }
        (await Send(admin, person, new { why = "found in a leak", mustChange = true })).Must(204);
        await world.ResetToken(person.Email); // the next link is to be the later one
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).MustRefuse(IdentityRefusals.SessionExpired); }
        (await world.SignsIn(person.Email, Person.Password)).MustRefuse(IdentityRefusals.PasswordChangeRequired);
        (await world.Resets(await world.ResetToken(person.Email, count: 2))).Must(204);
        (await world.SignsIn(person.Email, PasswordWorld.First)).Must();
    }

    [Fact]
    [Covers("asvs-6.4.6")]
    public async Task It_asks_why_needs_the_permission_and_an_account_that_is_active()
    {
        var (admin, finance, person) = (await world.Person("admin"), await world.Person("finance"), await world.NotYetSignedIn());
        (await Send(finance, person, new { why = "please" })).MustRefuse(FoundationRefusals.NotAllowed);
        (await Send(admin, person, new { why = " " })).MustRefuse(FoundationRefusals.InvalidInput);
        (await admin.Post($"admin/accounts/{new AccountId(Guid.CreateVersion7())}/actions/send-password-reset", new { why = "nobody" })).MustRefuse(FoundationRefusals.NotFound);
        await world.Database.Execute("update identity.accounts set state = 'suspended' where id = $1", person.Id);
        (await Send(admin, person, new { why = "suspended" })).MustRefuse(IdentityRefusals.WrongAccountState);
    }

    private static Task<Answer> Send(Person staff, Person to, object body) => staff.Post($"admin/accounts/{new AccountId(to.Id)}/actions/send-password-reset", body);
}
