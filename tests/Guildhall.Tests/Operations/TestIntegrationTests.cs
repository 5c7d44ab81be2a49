using Guildhall.Money.Gateways.Knet;
using Guildhall.Money.Gateways.Mpesa;
using Guildhall.Money.Gateways.MyFatoorah;
using Guildhall.Money.Gateways.PayPal;
using Guildhall.Money.Gateways.Paytm;
using Guildhall.Operations;
using Guildhall.Tests.Money;
using Guildhall.Tests.Web.Console;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Operations;

[Covers("O-1")]
public sealed class TestIntegrationTests(TestIntegrationTests.AllParties world) : IClassFixture<TestIntegrationTests.AllParties>, IAsyncLifetime
{
    /// <summary>Every gateway is set up, all over the one wire.</summary>
    public sealed class AllParties : MoneyWorld
    {
        internal override HostSettings Configure(HostSettings settings, int node)
        {
            var with = base.Configure(settings, node);
            return with with
            {
                SendGrid = new(with.StripeApi, "SG.guildhall_sandbox", [Guildhall.Web.Host.Gateways.MailSettings.SandboxWebhookKey]),
                PayPal = new PayPalOptions(with.StripeApi, "guildhall_sandbox_paypal", "guildhall_sandbox_paypal_secret", ["WHGUILDHALLSANDBOX"], settings.Url),
                Knet = new KnetOptions(settings.StripeApi, with.StripeApi, "901001", "knetsandbox", "KnetSandboxKey16", settings.Url),
                MyFatoorah = new MyFatoorahOptions(with.StripeApi, settings.StripeApi, "guildhall_sandbox_myfatoorah_token", ["any secret"], Kwd, settings.Url),
                Paytm = new PaytmOptions(with.StripeApi, "GUILDH00000000000001", "guildhallSandbox", "WEBSTAGING", settings.Url),
                Mpesa = new MpesaOptions(with.StripeApi, "guildhall_sandbox_mpesa_key", "guildhall_sandbox_mpesa_secret", "174379", "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
                    new Uri(settings.Url, "/api/v1/webhooks/mpesa"), "callbacks of this test"u8.ToArray()),
            };
        }
    }

    public async ValueTask InitializeAsync() => await world.StartsAfresh();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_mail_goes_to_the_address_of_whoever_asks_and_the_answer_says_that_it_was_taken()
    {
        var (who, staff) = await Somebody();
        var answer = (await staff.Post("integrations/smtp/actions/test")).Must();
        (answer.Word("outcome"), answer.Word("name")).ShouldBe(("works", "smtp"));
        (await world.Mail(who.Email)).ShouldContain("Test of e-mail");
        (await world.Database.Column<string>("select action from foundation.audit where subject_id = 'smtp' and actor_id = $1 order by id", who.Id)).ShouldBe(["integration.test_sent", "integration.tested"]);
    }

    [Fact]
    public async Task A_text_message_goes_to_the_own_phone_and_without_one_nothing_is_sent()
    {
        var (who, staff) = await Somebody();
        (await staff.Post("integrations/twilio/actions/test")).MustRefuse(OperationsRefusals.TestNeedsPhone);
        var number = await who.Confirms();
        (await staff.Post("integrations/twilio/actions/test")).Must().Word("outcome").ShouldBe("works");
        (await world.Text(number, 3)).ShouldContain("the test you asked for");
    }

    [Fact]
    public async Task A_text_message_whose_answer_is_lost_is_not_called_sent()
    {
        var (who, staff) = await Somebody();
        await who.Confirms();
        await world.Gateway.Faults(new { smsLostAfter = 1, dropWebhooks = 100 });
        var answer = (await staff.Post("integrations/twilio/actions/test")).Must();
        (answer.Word("outcome"), answer.Word("reason")).ShouldBe(("no_answer", "NO_ANSWER"));
    }

    [Theory]
    [InlineData("stripe"), InlineData("paypal"), InlineData("knet"), InlineData("myfatoorah"), InlineData("paytm"), InlineData("mpesa"), InlineData("pdf")]
    public async Task Each_party_that_answers_works_and_its_status_says_so(string name)
    {
        var (_, staff) = await Somebody();
        var answer = (await staff.Post($"integrations/{name}/actions/test")).Must();
        answer.Word("outcome").ShouldBe("works", answer.Text);
        var node = await Eventually.Get(() => staff.Get("integrations/status"), a => State(a, name) is "sandbox" or "live", "The status does not say it.");
        State(node, name).ShouldBe(name is "pdf" ? "live" : "sandbox");
        (await world.Database.Count("money.payments")).ShouldBe(0);
    }

    [Theory]
    [InlineData("stripe"), InlineData("paypal"), InlineData("knet"), InlineData("myfatoorah"), InlineData("paytm"), InlineData("mpesa")]
    public async Task A_key_that_is_not_taken_and_garbage_are_not_called_an_answer(string name)
    {
        var (_, staff) = await Somebody();
        world.Wire.Answers("", 401, new { error = new { code = "invalid_key" } });
        (await staff.Post($"integrations/{name}/actions/test")).Must().Word("outcome").ShouldBe("no_answer");
        world.Wire.Answers("", 200, "garbage");
        (await staff.Post($"integrations/{name}/actions/test")).Must().Word("outcome").ShouldBe("no_answer");
        world.Wire.Cuts("");
        (await staff.Post($"integrations/{name}/actions/test")).Must().Word("outcome").ShouldBe("no_answer");
    }

    [Fact]
    public async Task A_terminal_that_KNET_does_not_know_is_told()
    {
        var (_, staff) = await Somebody();
        world.Wire.Before = async http =>
        {
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(http.Response, "<result>!ERROR!-IPAY0100013-Invalid tranportal id.</result>");
            return true;
        };
        (await staff.Post("integrations/knet/actions/test")).Must().Word("outcome").ShouldBe("refused");
    }

    [Theory]
    [InlineData("sendgrid", "not_asked", "It went by smtp"), InlineData("ses", "not_configured", "not set up")]
    public async Task A_mail_sender_that_did_not_carry_the_mail_is_not_called_working(string name, string outcome, string says)
    {
        var (_, staff) = await Somebody();
        var answer = (await staff.Post($"integrations/{name}/actions/test")).Must();
        answer.Word("outcome").ShouldBe(outcome, answer.Text);
        answer.Word("says")!.ShouldContain(says);
    }

    [Fact]
    public async Task What_there_is_not_is_not_found_and_nobody_else_may_test()
    {
        var (_, staff) = await Somebody();
        (await staff.Post("integrations/nothing/actions/test")).MustRefuse(OperationsRefusals.IntegrationNotFound);
        (await world.As(MoneyWorld.Person("payment.view")).Post("integrations/smtp/actions/test")).MustRefuse(FoundationRefusals.NotAllowed);
        (await world.Visitor().Post("integrations/smtp/actions/test")).MustRefuse(FoundationRefusals.SignInFirst);
    }

    [Fact]
    public async Task The_page_has_a_button_for_each_and_shows_what_came_of_it()
    {
        var who = await world.Person();
        var browser = new StaffBrowser(world, MoneyWorld.Person("health.view") with { AccountId = who.Id });
        var page = (await browser.Opens("/console/integrations")).Must().Text;
        page.ShouldContain(">PDF<");
        page.Contains(">Pdf<", StringComparison.Ordinal).ShouldBeFalse();
        (await browser.Does("/console/integrations", "/console/integrations/stripe/test")).Text.ShouldContain("It answered our question");
        var after = (await browser.Does("/console/integrations", "/console/integrations/smtp/test")).Text;
        after.ShouldContain("A mail to your own address was taken");
        after.ShouldContain("My last test");
    }

    private static string? State(Answer answer, string name) => answer.Json.EnumerateArray().Single(i => i.GetProperty("name").GetString() == name).GetProperty("state").GetString();

    private async Task<(Person Who, Visitor Staff)> Somebody()
    {
        var who = await world.Person();
        return (who, world.As(MoneyWorld.Person("health.view") with { AccountId = who.Id }));
    }
}

[Covers("O-1")]
public sealed class TestNothingTests(TestNothingTests.Bare world) : IClassFixture<TestNothingTests.Bare>
{
    public sealed class Bare : MoneyWorld
    {
        internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with { Smtp = null, MailFrom = "" };
    }

    [Fact]
    public async Task Without_a_mail_server_nothing_is_sent_and_the_answer_says_so()
    {
        var who = await world.Person();
        var answer = (await world.As(MoneyWorld.Person("health.view") with { AccountId = who.Id }).Post("integrations/smtp/actions/test")).Must();
        (answer.Word("outcome"), answer.Word("reason")).ShouldBe(("not_configured", "EMAIL_NOT_CONFIGURED"));
    }
}
