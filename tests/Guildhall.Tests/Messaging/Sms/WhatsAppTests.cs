using Guildhall.Messaging;
using Guildhall.Messaging.Sms;
using Guildhall.Messaging.Sms.WhatsApp;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Messaging.Sms;

[Covers("N-6")]
public sealed class WhatsAppTests(WhatsAppWorld world) : IClassFixture<WhatsAppWorld>, IAsyncLifetime
{
    private static readonly Dictionary<string, string> Facts = new(StringComparer.Ordinal) { ["code"] = "123456" };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await world.Gateway.AnswersAsUsual();

    [Fact]
    public async Task A_text_that_the_setting_names_goes_by_its_approved_template_in_the_persons_language()
    {
        var (person, number) = (await Somebody("ar"), Handset.NewNumber());
        var delivery = await Send(person, number);
        await Comes(delivery, "sent whatsapp");
        var text = (await world.TextsTo(number)).Single();
        (text.GetProperty("to").GetString(), text.GetProperty("body").GetString()).ShouldBe(("whatsapp:" + number, "123456 هو رمز تأكيد رقمك."));
        await IsDelivered(delivery);
        (await Send(person, number)).ShouldNotBe(delivery);
        (await world.Text(number, 2)).ShouldContain("123456");
        (await world.TextsTo(number)).ShouldAllBe(t => t.GetProperty("to").GetString() == "whatsapp:" + number);
    }

    [Theory]
    [InlineData("sign_in_code")] // no template of it
    [InlineData("second_step_code")] // not named
    public async Task Any_other_goes_as_a_text_message(string template)
    {
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await Comes(await Send(person, number, template), "sent twilio");
        (await world.TextsTo(number)).Single().GetProperty("to").GetString().ShouldBe(number);
    }

    [Fact]
    public async Task Who_has_no_whatsapp_gets_the_next_one_as_a_text_message()
    {
        await world.Gateway.Faults(new { smsUndelivered = 1 });
        var (person, number) = (await Somebody(), Handset.NewNumber());
        var first = await Send(person, number);
        await Ends(first, "failed whatsapp NUMBER_NOT_ON_WHATSAPP");
        await Comes(await Send(person, number), "sent twilio");
        (await Log(first)).Count.ShouldBeLessThan(3);
    }

    [Fact]
    public async Task A_template_they_do_not_know_makes_it_a_text_message()
    {
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await Comes(await Send(person, number, "phone_put_on"), "queued whatsapp TEMPLATE_NOT_USABLE", "sent twilio");
        (await world.TextsTo(number)).Single().GetProperty("to").GetString().ShouldBe(number);
    }

    [Fact]
    public async Task A_lost_answer_leaves_it_unknown_and_no_text_message_follows()
    {
        await world.Gateway.Faults(new { smsLostAfter = 1, dropWebhooks = 100 });
        var (person, number) = (await Somebody(), Handset.NewNumber());
        var delivery = await Send(person, number);
        await Comes(delivery, "unknown whatsapp NO_ANSWER");
        await world.Clock.Passes(1.Hours());
        await world.JobsAreDone();
        (await world.TextsTo(number)).Count.ShouldBe(1);
        (await Log(delivery)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Too_many_at_once_are_tried_again_there()
    {
        await world.Gateway.Faults(new { smsTooMany = 1 });
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await Comes(await Send(person, number), "queued whatsapp SERVER_UNAVAILABLE", "sent whatsapp");
    }

    [Fact]
    public async Task The_status_has_a_line_of_its_own()
    {
        await Comes(await Send(await Somebody(), Handset.NewNumber()), "sent whatsapp");
        var states = (await world.Visitor().Get("integrations/status")).Must().Json.EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!, i => i.GetProperty("state").GetString());
        states["whatsapp"].ShouldBeOneOf("sandbox", "degraded");
        states.ShouldContainKey("twilio");
    }

    private async Task<Guid> Somebody(string language = "en")
    {
        await world.Database.Execute("""
            insert into foundation.settings (key, value, version, changed_at) values ('messaging.whatsapp_texts', '["phone_code", "sign_in_code", "phone_put_on"]', 1, now()) on conflict do nothing
            """);
        var person = Guid.CreateVersion7();
        await world.Data().InTransaction(tx => Recipients.Put(tx, person, $"{person:n}@mail.test", "Somebody", language, "UTC"));
        return person;
    }

    private Task<DeliveryId> Send(Guid person, string number, string template = "phone_code") => world.Data().InTransaction(async tx =>
    {
        await Texts.Send(tx, person, number, template, Facts);
        return await tx.Get<DeliveryId>("select id from messaging.deliveries where person_id = @person order by id desc limit 1", new { person });
    });

    private async Task<IReadOnlyList<string>> Log(DeliveryId delivery) =>
        await world.Database.Column<string>("select concat_ws(' ', state, sender, reason) from messaging.delivery_log where delivery_id = $1 order by id", delivery.Value);

    private async Task Comes(DeliveryId delivery, params string[] log) =>
        await Eventually.True(async () => (await Log(delivery)).SequenceEqual(log, StringComparer.Ordinal), async () => $"The log is {string.Join(", ", await Log(delivery))}");

    private async Task Ends(DeliveryId delivery, string line) =>
        await Eventually.True(async () => (await Log(delivery)) is [.., var last] && last == line, async () => $"The log is {string.Join(", ", await Log(delivery))}");

    private async Task IsDelivered(DeliveryId delivery) => await world.EventuallyOr("Nobody told that it was delivered.",
        async () => await world.Database.Value<bool>("select delivered_at is not null from messaging.deliveries where id = $1", delivery.Value));
}

public sealed class WhatsAppWorld : World
{
    internal override HostSettings Configure(HostSettings settings, int node) => settings with
    {
        Twilio = settings.Twilio with
        {
            WhatsApp = new WhatsAppOptions("+14155238886", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["phone_code.en"] = "HX" + 1.ToString("D32"), ["phone_code.ar"] = "HX" + 2.ToString("D32"), ["second_step_code.en"] = "HX" + 5.ToString("D32"), ["phone_put_on.en"] = "HX" + 99.ToString("D32"),
            }),
        },
    };
}
