using Guildhall.Messaging;
using Guildhall.Messaging.Sms;
using Guildhall.Messaging.Suppressions;

namespace Guildhall.Tests.Messaging.Suppressions;

[Covers("N-3")]
public sealed class NumberSuppressionTests(World world) : IClassFixture<World>
{
    private static readonly Dictionary<string, string> Code = new(StringComparer.Ordinal) { ["code"] = "123456" }, Nothing = new(StringComparer.Ordinal);

    [Theory]
    [InlineData("+15005550001", "failed NUMBER_INVALID", "NUMBER_INVALID", true)]
    [InlineData("+15005550009", "failed NUMBER_NOT_MOBILE", "NOT_MOBILE", true)]
    [InlineData("+15005550004", "failed RECIPIENT_OPTED_OUT", "UNSUBSCRIBED", false)]
    public async Task A_number_that_takes_nothing_is_not_tried_again_and_one_that_said_stop_only_with_a_code_they_wait_for(string number, string first, string reason, bool forGood)
    {
        var person = await Somebody();
        (await Send(person, number, "phone_taken_off", Nothing)).ShouldBe(first);
        (await Send(person, number, "phone_taken_off", Nothing)).ShouldBe("suppressed " + reason);
        (await Send(person, number, "sign_in_code", Code)).ShouldBe(forGood ? "suppressed " + reason : first);
        // The list is about the number, whoever it is written to.
        (await Send(await Somebody(), number, "phone_put_on", Nothing)).ShouldBe("suppressed " + reason);
        var entry = (await ListSuppressions.Run(world.Data(), new(number), default)).Items.Single();
        (entry.Channel, entry.Address, entry.Source, entry.AskedForIsSent).ShouldBe(("sms", "…" + number[^3..], "twilio", !forGood));
        (await world.Database.Value<string>("select s::text from messaging.suppressions s where id = $1", entry.Id.Value)).ShouldNotContain(number[1..]);
        (await world.Database.Count("messaging.deliveries where state = 'suppressed' and secrets is not null")).ShouldBe(0);
    }

    [Fact]
    public async Task A_phone_that_is_off_is_tried_again_next_time()
    {
        (await Send(await Somebody(), "+15005550002", "phone_put_on", Nothing)).ShouldBe("failed NUMBER_UNREACHABLE");
        (await Send(await Somebody(), "+15005550002", "phone_put_on", Nothing)).ShouldBe("failed NUMBER_UNREACHABLE");
    }

    private async Task<Guid> Somebody()
    {
        var person = Guid.CreateVersion7();
        await world.Data().InTransaction(tx => Recipients.Put(tx, person, $"{person:n}@mail.test", "Somebody", "en", "UTC"));
        return person;
    }

    private async Task<string> Send(Guid person, string number, string template, Dictionary<string, string> facts)
    {
        var id = await world.Data().InTransaction(async tx =>
        {
            await Texts.Send(tx, person, number, template, facts);
            return await tx.Get<DeliveryId>("select id from messaging.deliveries where person_id = @person order by id desc limit 1", new { person });
        });
        await world.EventuallyOr("It was not tried.", async () => await world.Database.Count("messaging.delivery_log where delivery_id = $1", id.Value) > 0);
        return (await world.Database.Column<string>("select concat_ws(' ', state, reason) from messaging.delivery_log where delivery_id = $1 order by id", id.Value))[^1];
    }
}
