using Guildhall.Messaging;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Push.Firebase;
using Guildhall.Messaging.Sms;
using Guildhall.Sandbox.Firebase;
using Guildhall.Tests.Messaging.Email.SendGrid;
using Guildhall.Tests.Messaging.Push;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Messaging.Delivery;

[Covers("N-3", "O-1")]
public sealed class ProviderRestsTests(OneNodeOfEveryProvider world) : IClassFixture<OneNodeOfEveryProvider>, IAsyncLifetime
{
    private static readonly Dictionary<string, string> Link = new(StringComparer.Ordinal) { ["link"] = "/", ["number"] = "RCP-1", ["amount"] = "1.000 KWD" }, Code = new(StringComparer.Ordinal) { ["code"] = "123456" };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await world.Gateway.AnswersAsUsual();

    [Theory]
    [InlineData("sendgrid", "email", "mailBroken")]
    [InlineData("twilio", "sms", "smsBroken")]
    [InlineData("firebase", "push", "pushBusy")]
    public async Task While_a_provider_is_left_alone_messages_wait_and_cost_no_attempt_and_they_go_when_it_answers(string provider, string channel, string fault)
    {
        var (person, staff) = (await world.Person(), await world.Person("admin"));
        await world.Database.Execute("update identity.accounts set second_factor = true where id = $1", staff.Id);
        (await person.Put("me/push-device", new { token = PushWorld.NewToken(), platform = "android" })).Must(204);
        await world.JobsAreDone();
        await world.Gateway.Faults(new Dictionary<string, int> { [fault] = 8 });
        for (var i = 0; i < 8; i++) await Send(person.Id, channel);
        await world.EventuallyOr("Its circuit did not open.", () => Task.FromResult(world.Get<ProviderRests>().Rests(provider)));

        var waits = await Send(person.Id, channel);
        var status = (await staff.Get("integrations/status")).Must().Json.EnumerateArray().Single(i => i.GetProperty("name").GetString() == provider);
        status.GetProperty("state").GetString().ShouldBe("down");
        status.GetProperty("since").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(status.GetProperty("lastFailure").GetDateTimeOffset());
        (await Log(waits)).ShouldBeEmpty();
        world.Get<ProviderRests>().Rests(provider).ShouldBeTrue();

        // Ten seconds of real time, and it answers again.
        await world.EventuallyOr("It was not sent.", async () => (await Log(waits)).Count > 0);
        (await Log(waits)).ShouldBe([$"sent {provider} 1"]);
    }

    private async Task<DeliveryId> Send(Guid person, string channel)
    {
        if (channel is "sms") await world.Data().InTransaction(tx => Texts.Send(tx, person, Handset.NewNumber(), "sign_in_code", Code));
        else await world.Data().InTransaction(tx => Notify.Person(tx, person, "receipt_issued", Link));
        if (channel is "push") await world.EventuallyOr("No push came of the notice.", async () => await world.Database.Count(NewestIsPushed, person) == 1);
        return new DeliveryId(await world.Database.Value<Guid>("select id from messaging.deliveries where person_id = $1 and channel = $2 order by id desc limit 1", person, channel));
    }

    private const string NewestIsPushed = """
        messaging.deliveries where channel = 'push' and person_id = $1 and notice_id = (select id from messaging.notices where person_id = $1 order by id desc limit 1)
        """;

    private Task<IReadOnlyList<string>> Log(DeliveryId delivery) => world.Database.Column<string>("select concat_ws(' ', state, sender, reason, attempt) from messaging.delivery_log where delivery_id = $1 order by id", delivery.Value);
}

/// <summary>One node, so that one circuit sees every call; each provider is set up.</summary>
public sealed class OneNodeOfEveryProvider : SendGridWorld
{
    protected override int NodeCount => 1;

    internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with
    {
        Firebase = FirebaseOptions.Read(settings.SandboxUrl!, Sandbox.Part<FirebaseAccount>().KeyFile)! with { Timeout = TimeSpan.FromSeconds(3) },
    };
}
