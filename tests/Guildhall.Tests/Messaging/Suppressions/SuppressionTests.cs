using System.Text;
using System.Text.Json;
using Guildhall.Messaging;
using Guildhall.Messaging.Suppressions;
using Guildhall.Sandbox.SendGrid;
using Guildhall.Tests.Messaging.Email;
using Guildhall.Tests.Messaging.Email.SendGrid;

namespace Guildhall.Tests.Messaging.Suppressions;

[Covers("N-3")]
public sealed class SuppressionTests(SendGridWorld world) : IClassFixture<SendGridWorld>
{
    private static readonly Dictionary<string, string> Facts = new(StringComparer.Ordinal) { ["link"] = "/" };

    [Theory]
    [InlineData("""{"event":"bounce","type":"bounce","status":"5.1.1"}""", "BOUNCED", true)]
    [InlineData("""{"event":"dropped","reason":"Bounced Address"}""", "DROPPED", true)]
    [InlineData("""{"event":"spamreport"}""", "COMPLAINED", false)]
    [InlineData("""{"event":"dropped","reason":"Spam Reporting Address"}""", "COMPLAINED", false)]
    [InlineData("""{"event":"dropped","reason":"Unsubscribed Address"}""", "UNSUBSCRIBED", false)]
    public async Task Nothing_more_is_sent_and_what_the_person_asks_for_only_when_the_reason_is_a_wish(string told, string reason, bool forGood)
    {
        var letter = await Delivered();
        await Tell(told, letter);
        (await After(letter, "new_message")).ShouldBe(["suppressed " + reason]);
        (await After(letter, "password_reset")).ShouldBe([forGood ? "suppressed " + reason : "sent"]);
        (await letter.Mailbox()).Count.ShouldBe(forGood ? 1 : 2);
        (await Listed(letter.Address)).Single().GetProperty("reason").GetString().ShouldBe(reason.ToLowerInvariant());
    }

    [Theory]
    [InlineData("""{"event":"bounce","type":"blocked","status":"5.7.1"}""")]
    [InlineData("""{"event":"bounce","type":"bounce","status":"4.2.2"}""")]
    [InlineData("""{"event":"dropped","reason":"Spam Content"}""")]
    public async Task What_passes_or_blames_the_mail_suppresses_nobody(string told)
    {
        var letter = await Delivered();
        await Tell(told, letter);
        (await After(letter, "new_message")).ShouldBe(["sent"]);
        (await Listed(letter.Address)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_word_about_another_address_than_ours_is_not_taken()
    {
        var (letter, other) = (await Delivered(), await Delivered());
        await Tell("""{"event":"bounce","type":"bounce"}""", letter, other.Address);
        (await Listed(letter.Address)).ShouldBeEmpty();
        (await Listed(other.Address)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fresh_address_is_free_and_the_old_one_stays_on_the_list_however_it_is_written()
    {
        var letter = await Delivered();
        await Tell("""{"event":"bounce","type":"bounce"}""", letter);
        await world.Data().InTransaction(tx => Recipients.Put(tx, letter.Person, "fresh." + letter.Address, "Somebody", "en", "UTC"));
        (await After(letter, "new_message")).ShouldBe(["sent"]);
        await world.Data().InTransaction(tx => Recipients.Put(tx, letter.Person, letter.Address.ToUpperInvariant(), "Somebody", "en", "UTC"));
        (await After(letter, "new_message")).ShouldBe(["suppressed BOUNCED"]);
    }

    [Fact]
    public async Task A_wish_gives_way_to_a_mailbox_that_is_gone_and_never_the_other_way()
    {
        var letter = await Delivered();
        await Tell("""{"event":"spamreport"}""", letter);
        await Tell("""{"event":"bounce","type":"bounce"}""", letter);
        (await Listed(letter.Address)).Single().GetProperty("reason").GetString().ShouldBe("bounced");
    }

    [Fact]
    [Covers("A-3")]
    public async Task Staff_find_an_address_and_take_it_off_with_a_reason_that_stands_in_the_audit_trail()
    {
        var letter = await Delivered();
        await Tell("""{"event":"bounce","type":"bounce"}""", letter);
        var staff = await Staff();
        var entry = (await staff.Get($"admin/messaging/suppressions?search={Uri.EscapeDataString(letter.Address.ToUpperInvariant())}&channel=email&reason=bounced")).Must().At("items").EnumerateArray().Single();
        string[] said = [.. new[] { "address", "source", "personId", "deliveryId" }.Select(name => entry.GetProperty(name).GetString()!)];
        said.ShouldBe([letter.Address, "sendgrid", letter.Person.ToString(), letter.Id.ToString()]);
        (await staff.Get($"admin/messaging/suppressions?search={letter.Address}&channel=sms")).Must().At("items").GetArrayLength().ShouldBe(0);
        (await staff.Get($"admin/messaging/suppressions?person={letter.Person}")).Must().At("items").GetArrayLength().ShouldBe(1);

        var id = entry.GetProperty("id").GetString()!;
        (await staff.Delete($"admin/messaging/suppressions/{id}")).MustRefuse(MessagingRefusals.SuppressionReasonMissing);
        (await staff.Delete($"admin/messaging/suppressions/{id}?why=The%20mailbox%20is%20back")).Must(204);
        (await staff.Delete($"admin/messaging/suppressions/{id}?why=The%20mailbox%20is%20back")).MustRefuse(MessagingRefusals.SuppressionNotFound);
        (await world.Database.Value<string>("select why from foundation.audit where action = 'suppression.lifted' and subject_id = $1", id)).ShouldBe("The mailbox is back");
        (await world.Database.Value<string>("select before::text from foundation.audit where action = 'suppression.lifted' and subject_id = $1", id)).ShouldNotContain(letter.Address);
        (await After(letter, "new_message")).ShouldBe(["sent"]);
        // The word that put it there, told again, does not bring it back.
        await Tell("""{"event":"bounce","type":"bounce"}""", letter);
        (await Listed(letter.Address)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_else_sees_the_list()
    {
        var person = await world.Person();
        (await person.Get("admin/messaging/suppressions")).MustRefuse(FoundationRefusals.NotAllowed);
        (await person.Delete("admin/messaging/suppressions/sup_00000000000000000000000000?why=I%20want%20to")).MustRefuse(FoundationRefusals.NotAllowed);
    }

    [Fact]
    [Covers("I-15")]
    public async Task The_persons_copy_has_it_and_erasure_takes_it_away()
    {
        var letter = await Delivered();
        await Tell("""{"event":"bounce","type":"bounce"}""", letter);
        var part = world.Get<IEnumerable<Guildhall.Foundation.Security.PersonalData>>().Single(p => p.Section == "messages");
        JsonSerializer.Serialize(await part.Read(world.Data(), letter.Person, default)).ShouldContain($"\"{letter.Address}\",\"Reason\":\"bounced\"");
        (await world.Database.Value<string>("select s::text from messaging.suppressions s where person_id = $1", letter.Person)).ShouldNotContain(letter.Address);
        await world.Data().InTransaction(tx => part.Erase(tx, letter.Person));
        (await world.Database.Count("messaging.suppressions where person_id = $1", letter.Person)).ShouldBe(0);
        await Tell("""{"event":"spamreport"}""", letter);
        (await world.Database.Count("messaging.suppressions where person_id = $1", letter.Person)).ShouldBe(0);
    }

    private async Task<Letter> Delivered()
    {
        var letter = await world.Writes();
        await letter.IsDelivered();
        return letter;
    }

    /// <summary>One more mail to the same person; its log.</summary>
    private async Task<IReadOnlyList<string>> After(Letter letter, string template)
    {
        var id = await world.Data().InTransaction(async tx =>
        {
            await Notify.Person(tx, letter.Person, template, Facts);
            return await tx.Get<DeliveryId>("select id from messaging.deliveries where person_id = @Person order by id desc limit 1", new { letter.Person });
        });
        await world.EventuallyOr("It was not tried.", async () => await world.Database.Count("messaging.delivery_log where delivery_id = $1", id.Value) > 0);
        return await world.Database.Column<string>("select concat_ws(' ', state, reason) from messaging.delivery_log where delivery_id = $1 order by id", id.Value);
    }

    private async Task Tell(string told, Letter letter, string? address = null)
    {
        using var signer = new SendGridSigner();
        var body = Encoding.UTF8.GetBytes($"[{told[..^1]},\"email\":\"{address ?? letter.Address}\",\"delivery\":\"{letter.Id}\"}}]\r\n");
        (await world.Visitor().Send(HttpMethod.Post, "webhooks/sendgrid", new ByteArrayContent(body), [.. signer.Headers(body, world.Clock.Now.ToUnixTimeSeconds())])).Must();
    }

    private async Task<IReadOnlyList<JsonElement>> Listed(string address)
    {
        var page = await ListSuppressions.Run(world.Data(), new(address), default);
        return [.. JsonSerializer.SerializeToElement(page.Items, Guildhall.Foundation.Http.JsonRules.Options).EnumerateArray()];
    }

    private async Task<Person> Staff()
    {
        var staff = await world.Person("admin");
        await world.Database.Execute("update identity.accounts set second_factor = true where id = $1", staff.Id);
        return staff;
    }
}
