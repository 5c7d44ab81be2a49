using Guildhall.Messaging;

namespace Guildhall.Tests.Messaging.Push;

[Covers("N-6", "I-15")]
public sealed class RegisterPushDeviceTests(PushWorld world) : IClassFixture<PushWorld>
{
    [Fact]
    public async Task The_token_is_the_sessions_and_a_later_one_takes_its_place()
    {
        var person = await world.Person();
        (await person.Get("me/push-device")).Must().At("platform").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var (first, later) = (await Registers(person), await Registers(person));
        (await person.Get("me/push-device")).Must().Word("platform").ShouldBe("android");
        await world.Tells(person.Id, 1);
        ((await world.PushesTo(first)).Count, (await world.PushesTo(later)).Count).ShouldBe((0, 1));
        (await person.Delete("me/push-device")).Must(204);
        (await person.Delete("me/push-device")).Must(204);
        await world.Tells(person.Id, 0);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("with white space in the middle of it")]
    public async Task What_is_no_token_is_refused(string token) =>
        (await (await world.Person()).Put("me/push-device", new { token, platform = "android" })).MustRefuse(MessagingRefusals.PushTokenInvalid);

    [Fact]
    public async Task A_token_that_moves_to_another_account_leaves_the_first()
    {
        var (one, two) = (await world.Person(), await world.Person());
        var token = await Registers(one);
        (await two.Put("me/push-device", new { token, platform = "android" })).Must(204);
        await world.Tells(one.Id, 0);
        await world.Tells(two.Id, 1);
    }

    [Fact]
    public async Task Two_accounts_that_register_one_token_at_once_end_with_one_of_them()
    {
        var (one, two) = (await world.Person(), await world.Person());
        var token = PushWorld.NewToken();
        await using (var gate = await Gate.Close(world.Database, "lock table messaging.push_devices in share row exclusive mode"))
        {
            var both = new[] { one, two }.Select(p => p.Put("me/push-device", new { token, platform = "web" })).ToArray();
            await gate.OpenWhenWaiting(2);
            (await Task.WhenAll(both)).ShouldAllBe(a => a.Status == 204);
        }
        (await world.Database.Count("messaging.push_devices where person_id = any($1)", new[] { one.Id, two.Id })).ShouldBe(1);
    }

    [Theory]
    [InlineData("sign out")]
    [InlineData("end it")]
    [InlineData("end the others")]
    [InlineData("end all")]
    [InlineData("suspend")]
    public async Task Ending_the_session_takes_the_token_away_at_once_and_leaves_those_of_other_sessions(string how)
    {
        var person = await world.Person();
        var other = await person.OnAnotherDevice();
        await Registers(person);
        var stays = how is "end all" or "suspend" ? 0 : 1;
        if (stays == 1) await Registers(other);
        switch (how)
        {
            case "sign out": (await person.Post("auth/sign-out")).Must(204); break;
            case "end it": (await other.Delete($"sessions/{person.Session}")).Must(204); break;
            case "end the others": (await other.Post("sessions/actions/end-others")).Must(); break;
            case "end all": (await other.Post("sessions/actions/end-all")).Must(204); break;
            default:
                await world.Database.Execute("update identity.accounts set state = 'suspended' where id = $1", person.Id);
                await world.Data().InTransaction(tx => tx.Publish(new Guildhall.Identity.Sessions.AccountChanged(person.Id)));
                break;
        }
        (await world.Database.Count("messaging.push_devices where person_id = $1", person.Id)).ShouldBe(stays);
    }

    [Fact]
    public async Task A_session_that_is_proven_anew_keeps_its_device()
    {
        var person = await world.Person();
        var (app, _) = await person.SetsUpTotp();
        var token = await Registers(person);
        person.Takes((await (await person.StepsUp()).Totp(await app.NextCode())).Must());
        await world.Tells(person.Id, 1);
        (await world.PushesTo(token)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_persons_copy_names_the_device_and_erasure_takes_it_away()
    {
        var person = await world.Person();
        await Registers(person);
        var part = world.Get<IEnumerable<Guildhall.Foundation.Security.PersonalData>>().Single(p => p.Section == "messages");
        System.Text.Json.JsonSerializer.Serialize(await part.Read(world.Data(), person.Id, default)).ShouldContain("\"Platform\":\"android\"");
        await world.Data().InTransaction(tx => part.Erase(tx, person.Id));
        (await world.Database.Count("messaging.push_devices where person_id = $1", person.Id)).ShouldBe(0);
    }

    private static async Task<string> Registers(Person person)
    {
        var token = PushWorld.NewToken();
        (await person.Put("me/push-device", new { token, platform = "android" })).Must(204);
        return token;
    }
}
