using System.Net;
using Guildhall.Foundation.Settings;
using Guildhall.Messaging;
using Guildhall.Messaging.Sms;
using Guildhall.Tests.Web.Pages;

namespace Guildhall.Tests.Web.Console;

/// <summary>The log of messages, and sending one again, at a browser without script and by the API.</summary>
[Covers("N-3", "A-3")]
public sealed class DeliveryPagesTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    private static readonly Dictionary<string, string> Facts = new(StringComparer.Ordinal) { ["link"] = "/inbox", ["number"] = "RCP-7", ["amount"] = "12.500 KWD" };

    [Fact]
    public async Task Staff_find_a_message_read_why_it_was_not_sent_and_send_it_again_once_surely_nobody_has_it()
    {
        var admin = await world.Person("admin");
        var (person, address) = (Guid.CreateVersion7(), "late@mail.test");
        var id = await Tell(person, "receipt_issued");
        var account = Id.Format("acc", person);
        (await admin.Opens($"/console/deliveries?person={account}&state=failed&channel=email&template=receipt_issued")).Must().Text.ShouldContain($"href=\"/console/deliveries/{id}\"");
        (await admin.Opens($"/console/deliveries?person={account}&state=sent")).Must().Text.ShouldContain("No such message");
        var page = (await admin.Opens($"/console/deliveries/{id}")).Must().Text;
        page.ShouldContain("There is no address or number for its person.");

        await world.Data().InTransaction(tx => Recipients.Put(tx, person, address, "Late", "en", "UTC"));
        (await admin.Follows(await admin.Sends($"/console/deliveries/{id}", $"/console/deliveries/{id}/retry"))).Must().Text.ShouldContain("It is tried again");
        await world.JobsAreDone();
        (await world.Gateway.MailTo(address)).Count.ShouldBe(1);
        var after = (await admin.Opens($"/console/deliveries/{id}")).Must().Text;
        after.ShouldContain("A member of staff asked for another try.");
        after.ShouldNotContain($"action=\"/console/deliveries/{id}/retry\"");
        (await admin.Opens($"/console/deliveries?person={address.ToUpperInvariant()}")).Must().Text.ShouldContain($"href=\"/console/deliveries/{id}\"");

        var staff = await Staff();
        (await staff.Post($"admin/messaging/deliveries/{id}/actions/retry")).MustRefuse(MessagingRefusals.DeliveryNotRetryable);
        var seen = (await staff.Get($"admin/messaging/deliveries/{id}")).Must();
        seen.At("log").EnumerateArray().Select(l => $"{l.GetProperty("state")} {l.GetProperty("reason")}").ShouldBe(["failed RECIPIENT_UNKNOWN", "queued TRIED_AGAIN", "sent "]);
        (await world.Database.Count("foundation.audit where action = 'delivery.retried' and subject_id = $1", id.ToString())).ShouldBe(1);
        (await staff.Get("admin/messaging/deliveries/dlv_00000000000000000000000000")).MustRefuse(MessagingRefusals.DeliveryNotFound);
        (await admin.Opens("/console/deliveries/nonsense")).Must(404);
    }

    [Fact]
    public async Task What_may_have_arrived_or_its_person_does_not_want_is_not_sent_again()
    {
        var (staff, person) = (await Staff(), Guid.CreateVersion7());
        await world.Data().InTransaction(tx => Recipients.Put(tx, person, "no@mail.test", "No", "en", "UTC"));
        await world.Database.Execute("insert into messaging.preferences (person_id, category, channel, wanted, changed_at) values ($1, 'messages', 'email', false, now())", person);
        var unwanted = await Tell(person, "new_message");
        (await staff.Post($"admin/messaging/deliveries/{unwanted}/actions/retry")).MustRefuse(MessagingRefusals.DeliveryNotRetryable);

        var sent = await Tell(person, "receipt_issued");
        foreach (var (state, reason, doubt) in new[] { ("unknown", "NO_ANSWER", "smtp"), ("failed", "SERVER_UNAVAILABLE", "smtp"), ("failed", "REFUSED_BY_SERVER", null), ("failed", "BOUNCED", null) })
        {
            await world.Database.Execute("update messaging.deliveries set state = $2, reason = $3, doubt = $4, sent_at = null, delivered_at = null where id = $1", sent.Value, state, reason, (object?)doubt ?? DBNull.Value);
            (await staff.Post($"admin/messaging/deliveries/{sent}/actions/retry")).MustRefuse(MessagingRefusals.DeliveryNotRetryable);
        }
        await world.Database.Execute("update messaging.deliveries set state = 'failed', reason = 'SERVER_UNAVAILABLE', doubt = null where id = $1", sent.Value);
        await using var gate = await Gate.Close(world.Database, "select 1 from messaging.deliveries where id = $1 for update", sent.Value);
        var both = Enumerable.Range(0, 2).Select(_ => staff.Post($"admin/messaging/deliveries/{sent}/actions/retry")).ToArray();
        await gate.OpenWhenWaiting(2);
        var answers = await Task.WhenAll(both);
        answers.Select(a => a.Status).Order().ShouldBe([204, 409]);
        var nobody = await People.Person(world);
        (await nobody.Get("admin/messaging/deliveries")).MustRefuse(FoundationRefusals.NotAllowed);
        (await nobody.Post($"admin/messaging/deliveries/{sent}/actions/retry")).MustRefuse(FoundationRefusals.NotAllowed);
    }

    [Fact]
    [Covers("marketplace-40")]
    public async Task A_text_message_shows_its_parts_and_what_they_cost()
    {
        var (staff, person, number) = (await Staff(), Guid.CreateVersion7(), Handset.NewNumber());
        await world.Data().InTransaction(tx => Recipients.Put(tx, person, "texts@mail.test", "نورة", "ar", "UTC"));
        await world.Data().InTransaction(tx => Texts.Send(tx, person, number, "second_step_code", new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = "123456" }));
        await world.Text(number);
        await world.JobsAreDone();
        var id = new DeliveryId(await world.Database.Value<Guid>("select id from messaging.deliveries where person_id = $1 and channel = 'sms'", person));
        var view = (await staff.Get($"admin/messaging/deliveries/{id}")).Must();
        (view.At("parts").GetInt32(), view.At("cost").ValueKind).ShouldBe((2, System.Text.Json.JsonValueKind.Null));
        await world.Data().InTransaction(tx => SettingValues.Change(tx, staff.Caller(), TextParts.PartPrice, System.Text.Json.JsonSerializer.SerializeToElement("0.0475 USD"), 0, "the tariff"));
        (await staff.Get($"admin/messaging/deliveries/{id}")).Must().Word("cost").ShouldBe("0.095 USD");
        var admin = await world.Person("admin");
        WebUtility.HtmlDecode((await admin.Opens($"/console/deliveries/{id}")).Must().Text).ShouldContain("0.095 USD");
    }

    private async Task<DeliveryId> Tell(Guid person, string template)
    {
        await world.Data().InTransaction(tx => Notify.Person(tx, person, template, Facts));
        await world.JobsAreDone();
        return new DeliveryId(await world.Database.Value<Guid>("select id from messaging.deliveries where person_id = $1 order by id desc limit 1", person));
    }

    private async Task<Person> Staff()
    {
        var staff = await People.Person(world, "admin");
        await world.Database.Execute("update identity.accounts set second_factor = true where id = $1", staff.Id);
        return staff;
    }
}
