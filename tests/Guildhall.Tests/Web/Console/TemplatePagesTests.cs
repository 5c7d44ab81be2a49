using System.Net;
using System.Text.Json;
using Guildhall.Messaging;
using Guildhall.Messaging.Sms;
using Guildhall.Messaging.Templates;
using Guildhall.Messaging.Templates.Editing;
using Guildhall.Tests.Web.Pages;

namespace Guildhall.Tests.Web.Console;

/// <summary>Staff change what messages say: written, previewed, published, taken back; and nothing but words can be written.</summary>
[Covers("N-2", "marketplace-39")]
public sealed class TemplatePagesTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    private static readonly Dictionary<string, string> Facts = new(StringComparer.Ordinal)
    {
        ["link"] = "/inbox", ["service"] = "{{7*7}} {name} <script>alert(1)</script>\r\nBcc: everyone@mail.test", ["when"] = "Sat 21 Nov 2026, 18:30", ["number"] = "RCP-1", ["amount"] = "12.500 KWD",
    };

    [Fact]
    public async Task Words_are_saved_previewed_in_both_languages_published_sent_and_taken_back()
    {
        var admin = await world.Person("admin");
        const string page = "/console/templates/session_completed";
        (await admin.Opens("/console/templates")).Must().Text.ShouldContain($"href=\"{page}\"");
        (string, string)[] words =
        [
            ("en-subject", "It is done: {{service}}"), ("en-text", "Hi {{name}}, <b>{{service}}</b> of {{when}}\nis done.\n\nCome again."), ("en-button", "Have a look"),
            ("ar-subject", "انتهى: {{service}}"), ("ar-text", "مرحبًا {{name}}، انتهى {{service}} في {{when}}."), ("ar-button", "نظرة"), ("why", "friendlier words"),
        ];
        var saved = await admin.Follows(await admin.Sends(page, page + "/save", words));
        var html = WebUtility.HtmlDecode(saved.Must().Text);
        html.ShouldContain("It is done: Tax advice (60 min)");
        html.ShouldContain("Hi \u2068ليلى السيد\u2069, <b>Tax advice");
        saved.Text.ShouldContain("&lt;b&gt;Tax advice");
        html.ShouldContain("lang=\"ar\" dir=\"rtl\"");
        html.ShouldContain("مرحبًا \u2068Layla Al-Sayed\u2069");
        (await Subject("session_completed", "en")).ShouldStartWith("Completed:");

        (await admin.Follows(await admin.Sends(page + "?version=1", page + "/publish"))).Must().Text.ShouldContain("Published");
        var (mail, address, person) = await Sent("session_completed", "en");
        mail.GetProperty("subject").GetString().ShouldBe("It is done: {{7*7}} {name} <script>alert(1)</script>  Bcc: everyone@mail.test");
        mail.GetProperty("text").GetString()!.ShouldContain("is done.\n\nCome again.");
        mail.GetProperty("html").GetString()!.ShouldContain("&lt;b&gt;<bdi>{{7*7}} {name} &lt;script&gt;");
        mail.GetProperty("html").GetString()!.ShouldNotContain("<script");
        mail.GetProperty("headers").TryGetProperty("bcc", out _).ShouldBeFalse();
        (await world.Database.Value<int>("select template_version from messaging.deliveries where person_id = $1", person)).ShouldBe(1);
        (await Guildhall.Messaging.Inbox.ReadInbox.Run(world.Data(), person, null, 1, default)).Items[0].Title.ShouldStartWith("It is done:");
        (await world.Gateway.MailTo("everyone@mail.test")).ShouldBeEmpty();

        (await admin.Follows(await admin.Sends(page + "?version=0", page + "/publish"))).Must();
        (await Subject("session_completed", "en")).ShouldStartWith("Completed:");
        (await admin.Follows(await admin.Sends(page + "?version=1", page + "/publish"))).Must();
        (await Subject("session_completed", "ar")).ShouldStartWith("انتهى:");
        (await world.Database.Column<string>("select action from foundation.audit where subject_type = 'template' and subject_id = 'session_completed' order by id"))
            .ShouldBe(["template.saved", "template.published", "template.published", "template.published"]);
    }

    [Theory]
    [InlineData("You {{who}}", "there is no fact {{who}}")]
    [InlineData("You {{7*7}}", "a brace is open or stands alone")]
    [InlineData("You {{name", "a brace is open or stands alone")]
    [InlineData("You {{constructor.prototype}}", "a brace is open or stands alone")]
    [InlineData("You {{#if name}}x{{/if}}", "a brace is open or stands alone")]
    [InlineData("You {name}", "a brace is open or stands alone")]
    [InlineData("You {{ name }}", "a brace is open or stands alone")]
    [InlineData("You {{{name}}}", "a brace is open or stands alone")]
    public async Task A_broken_version_is_saved_says_what_is_wrong_and_cannot_be_published(string subject, string objection)
    {
        var staff = await Staff();
        var saved = (await staff.Post("admin/messaging/templates/new_message/versions", Body(subject))).Must(201);
        saved.At("objections").EnumerateArray().Select(o => o.GetString()!).ShouldContain(o => o.Contains(objection, StringComparison.Ordinal));
        var version = saved.At("version").GetInt32();
        var refused = (await staff.Post($"admin/messaging/templates/new_message/versions/{version}/actions/publish", new { seen = 0 })).MustRefuse(MessagingRefusals.TemplateBroken);
        refused.Text.ShouldContain(objection);
        (await staff.Get($"admin/messaging/templates/new_message/versions/{version}")).Must().At("previews").GetArrayLength().ShouldBe(0);
        (await world.Database.Count("messaging.templates_in_force where template = 'new_message'")).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_message_is_about_cannot_be_left_out_and_a_subject_is_one_line()
    {
        var staff = await Staff();
        var none = new { subject = "Your receipt", text = "It has come.", button = "" };
        var saved = (await staff.Post("admin/messaging/templates/receipt_issued/versions", new { en = none, ar = none, why = "shorter" })).Must(201);
        saved.Text.ShouldContain("the fact {{number}} is missing");
        saved.Text.ShouldContain("the button has no words");
        (await staff.Post("admin/messaging/templates/new_message/versions", Body("Hello\r\nBcc: everyone@mail.test"))).MustRefuse(MessagingRefusals.TemplateInvalid);
        (await staff.Post("admin/messaging/templates/new_message/versions", Body("Hello", why: " "))).MustRefuse(MessagingRefusals.TemplateInvalid);
        (await staff.Post("admin/messaging/templates/no_such/versions", Body("Hello"))).MustRefuse(MessagingRefusals.TemplateNotFound);
        (await staff.Get("admin/messaging/templates/new_message/versions/999")).MustRefuse(MessagingRefusals.TemplateNotFound);
        var nobody = await People.Person(world);
        (await nobody.Get("admin/messaging/templates")).MustRefuse(FoundationRefusals.NotAllowed);
        (await nobody.Post("admin/messaging/templates/new_message/versions", Body("Hello"))).MustRefuse(FoundationRefusals.NotAllowed);
    }

    [Fact]
    public async Task Of_two_who_publish_at_once_the_second_looks_again()
    {
        var staff = await Staff();
        foreach (var subject in new[] { "One", "Two" }) (await staff.Post("admin/messaging/templates/export_ready/versions", Body(subject))).Must(201);
        await using var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended('template:export_ready', 0))");
        var both = new[] { 1, 2 }.Select(v => staff.Post($"admin/messaging/templates/export_ready/versions/{v}/actions/publish", new { seen = 0 })).ToArray();
        await gate.OpenWhenWaiting(2);
        var answers = await Task.WhenAll(both);
        answers.Select(a => a.Status).Order().ShouldBe([204, 409]);
        answers.Single(a => a.Status == 409).MustRefuse(MessagingRefusals.TemplateChangedMeanwhile);
    }

    [Fact]
    [Covers("marketplace-40")]
    public async Task A_text_message_shows_its_parts_in_the_preview_and_goes_with_the_new_words()
    {
        var staff = await Staff();
        var (english, arabic) = (new { subject = "", text = "Code {{code}} for you.", button = "" }, new { subject = "", text = new string('ش', 64) + " {{code}}", button = "" });
        (await staff.Post("admin/messaging/templates/sms.sign_in_code/versions", new { en = english, ar = arabic, why = "shorter" })).Must(201).At("objections").GetArrayLength().ShouldBe(0);
        var view = (await staff.Get("admin/messaging/templates/sms.sign_in_code/versions/1")).Must();
        view.At("previews").EnumerateArray().Select(p => (p.GetProperty("language").GetString(), p.GetProperty("parts").GetInt32())).ShouldBe([("en", 1), ("ar", 2)]);
        view.Word("previews.1.paragraphs.0").Length.ShouldBe(71);
        (await staff.Post("admin/messaging/templates/sms.sign_in_code/versions/1/actions/publish", new { seen = 0 })).Must(204);
        var (person, number) = (Guid.CreateVersion7(), Handset.NewNumber());
        await world.Data().InTransaction(tx => Texts.Send(tx, person, number, "sign_in_code", new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = "{code}" }));
        (await world.Text(number)).ShouldBe("Code {code} for you.");
    }

    [Fact]
    public async Task A_fact_that_is_not_there_is_never_said_as_nothing()
    {
        var (person, address) = (Guid.CreateVersion7(), $"{Guid.CreateVersion7():n}@mail.test");
        await world.Data().InTransaction(async tx =>
        {
            await Recipients.Put(tx, person, address, "Old", "en", "UTC");
            await Notify.Person(tx, person, "receipt_issued", Facts);
            await tx.Change("update messaging.notices set facts = facts - 'number' where person_id = @person", new { person });
        });
        await world.JobsAreDone();
        (await world.Database.Column<string>("select concat_ws(' ', l.state, l.reason) from messaging.delivery_log l join messaging.deliveries d on d.id = l.delivery_id where d.person_id = $1", person)).ShouldBe(["failed TEMPLATE_BROKEN"]);
        (await world.Gateway.MailTo(address)).ShouldBeEmpty();
        (await Guildhall.Messaging.Inbox.ReadInbox.Run(world.Data(), person, null, 1, default)).Items[0].Title.ShouldBe("Your receipt …");
    }

    [Fact]
    public void Every_built_in_template_can_be_published_as_it_is_and_words_that_no_longer_fit_give_way_to_it()
    {
        foreach (var editable in Editable.All) EditedWords.Of(editable).Objections(editable).ShouldBeEmpty(editable.Key);
        var template = TemplateBook.Get("new_message");
        var old = JsonSerializer.SerializeToElement(new { en = new { subject = "{{gone}}", text = "x", button = "b" }, ar = new { subject = "س", text = "ن", button = "ز" } });
        EditedWords.Apply(template, old).ShouldBe(template);
    }

    private static object Body(string subject, string why = "another word") =>
        new { en = new { subject, text = "Hello {{name}}.", button = "Read" }, ar = new { subject = "رسالة", text = "مرحبًا {{name}}.", button = "قراءة" }, why };

    private async Task<string> Subject(string template, string language) => (await Sent(template, language)).Mail.GetProperty("subject").GetString()!;

    private async Task<(JsonElement Mail, string Address, Guid Person)> Sent(string template, string language)
    {
        var (person, address) = (Guid.CreateVersion7(), $"{Guid.CreateVersion7():n}@mail.test");
        await world.Data().InTransaction(tx => Recipients.Put(tx, person, address, "Somebody", language, "UTC"));
        await world.Data().InTransaction(tx => Notify.Person(tx, person, template, Facts));
        await world.JobsAreDone();
        return ((await world.Gateway.MailTo(address)).Single(), address, person);
    }

    private async Task<Person> Staff()
    {
        var staff = await People.Person(world, "admin");
        await world.Database.Execute("update identity.accounts set second_factor = true where id = $1", staff.Id);
        return staff;
    }
}
