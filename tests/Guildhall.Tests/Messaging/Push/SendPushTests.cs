using System.Text.Json;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Push;
using Guildhall.Messaging.Push.Firebase;

namespace Guildhall.Tests.Messaging.Push;

[Covers("N-6")]
public sealed class SendPushTests(PushWorld world) : IClassFixture<PushWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await world.Gateway.AnswersAsUsual();

    [Fact]
    public async Task A_notice_comes_to_every_device_in_the_persons_language_and_a_repeat_would_take_its_place()
    {
        var (person, token) = await Somebody();
        var (other, second) = (await person.OnAnotherDevice(), PushWorld.NewToken());
        (await person.Patch("me", new { language = "ar" })).Must();
        (await other.Put("me/push-device", new { token = second, platform = "ios" })).Must(204);
        var sent = await world.Tells(person.Id, 2);
        sent.ShouldAllBe(d => d.State == DeliveryState.Sent && d.Delivered);
        sent.Select(d => d.To).Order().ShouldBe(["android", "ios"]);
        (await world.LogOf(sent[0].Id)).ShouldBe(["sent firebase"]);
        var push = (await world.PushesTo(token)).Single();
        (push.GetProperty("title").GetString(), push.GetProperty("link").GetString()).ShouldBe(("لديك رسالة جديدة", new Uri(world.Addresses[0], "/inbox").AbsoluteUri.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)));
        push.GetProperty("tag").GetString()!.ShouldStartWith("ntc_");
        (await world.PushesTo(second)).Count.ShouldBe(1);
        (await world.Database.Value<string>("select p::text from messaging.push_devices p where session_id = $1", SessionOf(person))).ShouldNotContain(token);
    }

    [Fact]
    public async Task What_carries_a_code_is_never_pushed()
    {
        var (person, token) = await Somebody();
        await world.Tells(person.Id, 0, "password_reset");
        (await world.PushesTo(token)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("other")]
    public async Task A_token_that_they_do_not_know_is_forgotten(string start)
    {
        var (person, _) = await Somebody(start);
        var push = (await world.Tells(person.Id, 1)).Single();
        (push.State, push.Reason).ShouldBe((DeliveryState.Failed, "DEVICE_GONE"));
        (await Devices(person)).ShouldBe(0);
        await world.Tells(person.Id, 0);
    }

    [Fact]
    public async Task An_invalid_token_is_forgotten_and_an_invalid_message_costs_nobody_theirs()
    {
        var (person, _) = await Somebody("with a space".Replace(' ', '~'));
        (await world.Tells(person.Id, 1)).Single().Reason.ShouldBe("DEVICE_GONE");
        (await Devices(person)).ShouldBe(0);

        FirebaseError.Read(Json(Invalid("message.android.ttl")))!.BlamesToken.ShouldBeFalse();
        FirebaseError.Read(Json(Invalid("message.token")))!.BlamesToken.ShouldBeTrue();
        FirebaseError.Read(Json("""{"error":"sorry"}""")).ShouldBeNull();
        FirebaseError.Read(Json("7")).ShouldBeNull();
    }

    [Theory]
    [InlineData("pushTooMany", 120)]
    [InlineData("pushBusy", 30)]
    public async Task What_they_refuse_for_now_is_tried_again_when_they_say_and_arrives_once(string fault, int seconds)
    {
        await world.Gateway.Faults(new Dictionary<string, int> { [fault] = 1 });
        var (person, token) = await Somebody();
        var push = (await world.Tells(person.Id, 1)).Single();
        (push.State, push.Reason).ShouldBe((DeliveryState.Queued, "SERVER_UNAVAILABLE"));
        await world.Clock.Passes(TimeSpan.FromSeconds(seconds - 15));
        await world.JobsAreDone();
        (await world.PushesTo(token)).ShouldBeEmpty();
        await world.Clock.Passes(TimeSpan.FromSeconds(30));
        await world.JobsAreDone();
        (await world.PushesTo(token)).Count.ShouldBe(1);
        (await world.LogOf(push.Id)).ShouldBe(["queued firebase SERVER_UNAVAILABLE", "sent firebase"]);
    }

    [Fact]
    public async Task After_a_day_nobody_is_interested_any_more()
    {
        await world.Gateway.Faults(new { pushTooMany = 1 });
        var (person, token) = await Somebody();
        var push = (await world.Tells(person.Id, 1)).Single();
        await world.Clock.Passes(25.Hours());
        await world.JobsAreDone();
        (await world.LogOf(push.Id))[^1].ShouldBe("failed firebase TOO_LATE");
        (await world.PushesTo(token)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("pushLostBefore", 0)]
    [InlineData("pushLostAfter", 1)]
    public async Task A_lost_answer_stays_unknown_and_it_is_never_sent_again(string fault, int arrived)
    {
        await world.Gateway.Faults(new Dictionary<string, int> { [fault] = 1 });
        var (person, token) = await Somebody();
        var push = (await world.Tells(person.Id, 1)).Single();
        (push.State, push.Reason).ShouldBe((DeliveryState.Unknown, "NO_ANSWER"));
        await world.Clock.Passes(2.Hours());
        await world.JobsAreDone();
        (await world.PushesTo(token)).Count.ShouldBe(arrived);
        (await world.LogOf(push.Id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_worker_that_stopped_after_the_call_leaves_it_unknown()
    {
        var (person, token) = await Somebody();
        var push = (await world.Tells(person.Id, 1)).Single();
        await world.Database.Execute("update messaging.deliveries set state = 'sending', sent_at = null where id = $1", push.Id.Value);
        await world.Data().InTransaction(tx => tx.Enqueue(new SendPush(push.Id)));
        await world.JobsAreDone();
        (await world.LogOf(push.Id))[^1].ShouldBe("unknown firebase WORKER_STOPPED");
        (await world.PushesTo(token)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_access_token_that_they_ended_early_is_replaced()
    {
        var (person, token) = await Somebody();
        await world.Tells(person.Id, 1);
        await world.Sandbox.Post("/sandbox/firebase/end-tokens");
        var push = (await world.Tells(person.Id, 1)).Single();
        await world.EventuallyOr("It was not sent with a new one.", async () =>
        {
            await world.Clock.Passes(TimeSpan.FromSeconds(5));
            return (await world.PushesTo(token)).Count == 2;
        });
        (await world.LogOf(push.Id))[0].ShouldBe("queued firebase NOT_LET_IN");
    }

    [Fact]
    public async Task A_session_that_ran_out_by_itself_gets_nothing_more()
    {
        var (person, token) = await Somebody();
        await world.Clock.Passes(TimeSpan.FromDays(400));
        (await world.Tells(person.Id, 1)).Single().Reason.ShouldBe("DEVICE_GONE");
        (await world.PushesTo(token)).ShouldBeEmpty();
        (await Devices(person)).ShouldBe(0);
    }

    [Fact]
    [Covers("O-1")]
    public async Task The_status_names_it_and_the_test_sends_nothing()
    {
        var (person, token) = await Somebody();
        await world.Tells(person.Id, 1);
        (await Status()).ShouldBeOneOf("sandbox", "degraded");
        var staff = await world.Person("admin");
        await world.Database.Execute("update identity.accounts set second_factor = true where id = $1", staff.Id);
        var answer = (await staff.Post("integrations/firebase/actions/test")).Must();
        (answer.Word("outcome"), answer.Word("says")).ShouldBe(("works", "It let us in. No device of yours has registered, so no message was tried."));
        var own = PushWorld.NewToken();
        (await staff.Put("me/push-device", new { token = own, platform = "web" })).Must(204);
        (await staff.Post("integrations/firebase/actions/test")).Must().Word("says").ShouldStartWith("It would take a message");
        (await world.PushesTo(own)).ShouldBeEmpty();
        (await staff.Put("me/push-device", new { token = PushWorld.NewToken("gone"), platform = "web" })).Must(204);
        (await staff.Post("integrations/firebase/actions/test")).Must().Word("outcome").ShouldBe("refused");
        (await world.PushesTo(token)).Count.ShouldBe(1);
    }

    private static string Invalid(string field) => $$$"""
        {"error":{"code":400,"status":"INVALID_ARGUMENT","message":"Request contains an invalid argument.","details":[
            {"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"INVALID_ARGUMENT"},
            {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"{{{field}}}"}]}]}}
        """;

    private async Task<string> Status() =>
        (await world.Visitor().Get("integrations/status")).Must().Json.EnumerateArray().Single(i => i.GetProperty("name").GetString() == "firebase").GetProperty("state").GetString()!;

    private async Task<(Person Person, string Token)> Somebody(string start = "fresh")
    {
        var (person, token) = (await world.Person(), PushWorld.NewToken(start));
        (await person.Put("me/push-device", new { token, platform = "android" })).Must(204);
        await world.JobsAreDone();
        return (person, token);
    }

    private async Task<long> Devices(Person person) => await world.Database.Count("messaging.push_devices where person_id = $1", person.Id);

    private static Guid SessionOf(Person person) => Id.TryParse<Guildhall.Identity.SessionId>(person.Session, out var session) ? session.Value : throw new InvalidOperationException("No session.");

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}

[Covers("N-6")]
public sealed class NoPushTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Without_Firebase_the_delivery_says_so()
    {
        var person = await world.Person();
        (await person.Put("me/push-device", new { token = PushWorld.NewToken(), platform = "ios" })).Must(204);
        (await person.Get("me/push-device")).Must().At("available").GetBoolean().ShouldBeFalse();
        await world.Data().InTransaction(tx => Guildhall.Messaging.Notify.Person(tx, person.Id, "new_message", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/" }));
        await world.JobsAreDone();
        var push = (await DeliveryLog.Newest(world.Data(), person.Id, 50, default)).Single(d => d.Channel is "push");
        (push.Delivered, push.Reason).ShouldBe((false, "PUSH_NOT_CONFIGURED"));
        var status = (await world.Visitor().Get("integrations/status")).Must().Json.EnumerateArray().Single(i => i.GetProperty("name").GetString() == "firebase");
        (status.GetProperty("state").GetString(), status.GetProperty("usersLose").GetString()).ShouldBe(("not_configured", "Nothing is pushed to phones. The inbox and e-mail work."));
    }
}
