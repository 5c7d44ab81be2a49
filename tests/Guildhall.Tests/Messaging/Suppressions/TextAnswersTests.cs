using System.Security.Cryptography;
using System.Text;
using Guildhall.Messaging;
using Guildhall.Messaging.Sms;
using Guildhall.Messaging.Suppressions;

namespace Guildhall.Tests.Messaging.Suppressions;

[Covers("N-3", "N-6")]
public sealed class TextAnswersTests(World world) : IClassFixture<World>
{
    private const string Account = "AC00000000000000000000000000000000", Ours = "+15005550006", Token = "guildhall_sandbox_twilio_token";

    [Theory]
    [InlineData("STOP"), InlineData(" unsubscribe "), InlineData("OptOut")]
    public async Task Who_answers_stop_gets_no_more_and_who_answers_start_gets_them_again(string word)
    {
        var (person, number) = (await Somebody(), Handset.NewNumber());
        (await Send(person, number, "phone_put_on")).ShouldBe("sent");
        await Answers(number, word);
        (await Send(person, number, "phone_taken_off")).ShouldBe("suppressed UNSUBSCRIBED");
        (await Send(await Somebody(), number, "phone_put_on")).ShouldBe("suppressed UNSUBSCRIBED"); // the number, whoever it is written to
        (await Send(person, number, "sign_in_code", "123456")).ShouldBe("sent"); // a code they wait for
        var entry = (await ListSuppressions.Run(world.Data(), new(number), default)).Items.Single();
        (entry.Channel, entry.Source, entry.Address).ShouldBe(("sms", "twilio", "…" + number[^3..]));
        await Answers(number, "start");
        (await Send(person, number, "phone_put_on")).ShouldBe("sent");
    }

    [Fact]
    public async Task A_word_that_is_told_twice_counts_once_so_an_old_start_undoes_no_newer_stop()
    {
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await Send(person, number, "phone_put_on");
        var old = await Answers(number, "START");
        await Answers(number, "STOP");
        await Answers(number, "START", sid: old);
        (await Send(person, number, "phone_taken_off")).ShouldBe("suppressed UNSUBSCRIBED");
    }

    [Fact]
    public async Task Start_does_not_bring_back_a_number_that_is_no_mobile()
    {
        var person = await Somebody();
        (await Send(person, "+15005550009", "phone_put_on")).ShouldBe("failed NUMBER_NOT_MOBILE");
        await Answers("+15005550009", "START");
        (await Send(person, "+15005550009", "phone_put_on")).ShouldBe("suppressed NOT_MOBILE");
    }

    [Theory]
    [InlineData("Please STOP writing to me"), InlineData("HELP"), InlineData("ok"), InlineData("")]
    public async Task Other_words_change_nothing_and_are_not_kept(string words)
    {
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await Send(person, number, "phone_put_on");
        var sid = await Answers(number, words);
        (await Send(person, number, "phone_taken_off")).ShouldBe("sent");
        (await world.Database.Count("messaging.text_answers where sid = $1", sid)).ShouldBe(0);
    }

    [Fact]
    public async Task What_the_service_has_read_itself_goes_before_the_words()
    {
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await Send(person, number, "phone_put_on");
        await Answers(number, "توقف", optOut: "STOP");
        (await Send(person, number, "phone_taken_off")).ShouldBe("suppressed UNSUBSCRIBED");
    }

    [Theory]
    [InlineData("30006", "NOT_MOBILE"), InlineData("30005", "NUMBER_INVALID"), InlineData("21610", "UNSUBSCRIBED"), InlineData("30003", null)]
    public async Task What_becomes_of_a_text_later_counts_for_the_number_when_it_lasts(string error, string? reason)
    {
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await world.Gateway.Faults(new { dropWebhooks = 100 }); // the sandbox's own word would be first
        try { (await Send(person, number, "phone_put_on")).ShouldBe("sent"); }
        finally { await world.Gateway.AnswersAsUsual(); }
        var delivery = DeliveryId.From(await world.Database.Value<Guid>("select id from messaging.deliveries where person_id = $1", person));
        var form = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["AccountSid"] = Account, ["ApiVersion"] = "2010-04-01", ["ErrorCode"] = error, ["From"] = Ours, ["MessageSid"] = await world.Database.Value<string>("select provider_ref from messaging.deliveries where id = $1", delivery.Value),
            ["MessageStatus"] = "undelivered", ["To"] = number,
        };
        (await Post(form, path: $"webhooks/twilio?delivery={delivery}")).Must(204);
        (await Send(person, number, "phone_taken_off")).ShouldBe(reason is null ? "sent" : "suppressed " + reason);
    }

    [Fact]
    public async Task Nobody_else_can_stop_a_number()
    {
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await Send(person, number, "phone_put_on");
        (await Post(Form(number, "STOP"), signature: "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")).MustRefuse(MessagingRefusals.StatusNotTrusted);
        var other = Form(number, "STOP");
        other["AccountSid"] = "AC11111111111111111111111111111111";
        (await Post(other)).MustRefuse(MessagingRefusals.StatusNotTrusted);
        var elsewhere = Form(number, "STOP");
        elsewhere["To"] = "+15005550000"; // a number of the account's that is not ours
        (await Post(elsewhere)).Must();
        (await Send(person, number, "phone_taken_off")).ShouldBe("sent");
    }

    private async Task<string> Answers(string number, string words, string? sid = null, string? optOut = null)
    {
        var form = Form(number, words, sid);
        if (optOut is not null) form["OptOutType"] = optOut;
        var answer = (await Post(form)).Must();
        answer.Text.ShouldEndWith("<Response/>");
        return form["MessageSid"];
    }

    private static SortedDictionary<string, string> Form(string from, string words, string? sid = null) => new(StringComparer.Ordinal)
    {
        ["AccountSid"] = Account, ["ApiVersion"] = "2010-04-01", ["Body"] = words, ["From"] = from, ["MessageSid"] = sid ?? "SM" + Guid.NewGuid().ToString("n"), ["NumMedia"] = "0", ["NumSegments"] = "1", ["To"] = Ours,
    };

    private Task<Answer> Post(SortedDictionary<string, string> form, string? signature = null, string path = "webhooks/twilio/messages")
    {
        var address = new Uri(world.Get<MessagingOptions>().Product, "/api/v1/" + path).AbsoluteUri;
        var signed = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Token), Encoding.UTF8.GetBytes(address + string.Concat(form.Select(f => f.Key + f.Value)))));
        return world.Visitor().Send(HttpMethod.Post, path, new FormUrlEncodedContent(form), ("X-Twilio-Signature", signature ?? signed));
    }

    private async Task<Guid> Somebody()
    {
        var person = Guid.CreateVersion7();
        await world.Data().InTransaction(tx => Recipients.Put(tx, person, $"{person:n}@mail.test", "Somebody", "en", "UTC"));
        return person;
    }

    private async Task<string> Send(Guid person, string number, string template, string? code = null)
    {
        var id = await world.Data().InTransaction(async tx =>
        {
            await Texts.Send(tx, person, number, template, code is null ? new Dictionary<string, string>() : new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = code });
            return await tx.Get<DeliveryId>("select id from messaging.deliveries where person_id = @person order by id desc limit 1", new { person });
        });
        await world.EventuallyOr("It was not tried.", async () => await world.Database.Count("messaging.delivery_log where delivery_id = $1", id.Value) > 0);
        return (await world.Database.Column<string>("select concat_ws(' ', state, reason) from messaging.delivery_log where delivery_id = $1 order by id", id.Value))[0];
    }
}
