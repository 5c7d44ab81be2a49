using System.Text.Json;
using System.Text.RegularExpressions;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Risk;
using Guildhall.Tests.Money;
using Guildhall.Tests.Operations.Webhooks;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Web.Console;

public sealed partial class WebhookPagesTests(WebhookPagesTests.Setup world) : IClassFixture<WebhookPagesTests.Setup>
{
    public sealed class Setup : MoneyWorld
    {
        internal override HostSettings Configure(HostSettings settings, int node)
        {
            AllowedTarget.TryParse("127.0.0.1", out var loopback);
            return base.Configure(settings, node) with { WebhookAllow = [loopback!] };
        }
    }

    [Fact, Covers("M-23")]
    public async Task Staff_add_an_endpoint_see_its_secret_once_and_what_was_sent_to_it()
    {
        await using var consumer = new Consumer();
        var browser = new StaffBrowser(world, MoneyWorld.Staff);
        var form = await browser.Form("/console/webhooks", "/console/webhooks/add");
        (form["url"], form["description"], form["events"]) = ("http://10.0.0.1/", "Books", "");
        (await browser.Opens((await browser.Sends("/console/webhooks/add", form)).Must(303).Headers["Location"])).Text.ShouldContain("not on the public Internet");

        form = await browser.Form("/console/webhooks", "/console/webhooks/add");
        (form["url"], form["description"], form["events"]) = (consumer.Address.ToString(), "Books of the shop", "payment.captured\norder.paid");
        var shown = (await browser.Sends("/console/webhooks/add", form)).Must();
        var (secret, page) = (Secret().Match(System.Net.WebUtility.HtmlDecode(shown.Text)).Value, Page().Match(shown.Text).Groups[1].Value);
        secret.Length.ShouldBeGreaterThan(40);
        (await browser.Opens("/console/webhooks")).Must().Text.ShouldContain("Books of the shop");
        (await browser.Opens(page)).Must().Text.ShouldNotContain(secret);

        await (await world.Order()).Pays();
        await consumer.Gets(2);
        consumer.Messages.Select(m => JsonDocument.Parse(m.Body).RootElement.GetProperty("type").GetString()).Order(StringComparer.Ordinal).ShouldBe(["order.paid", "payment.captured"]);
        var detail = await Eventually.Get(() => browser.Opens(page), a => a.Text.Contains("Delivered", StringComparison.Ordinal) && a.Text.Contains("order.paid", StringComparison.Ordinal), "Nothing was delivered");
        var message = Message().Match(detail.Text).Groups[1].Value;
        (await browser.Opens(message)).Must().Text.ShouldContain("&quot;sequence&quot;: 1");
        (await browser.Does(message, message + "/replay")).Text.ShouldContain("sent again");
        (await browser.Does(page, page + "/test")).Text.ShouldContain("on its way");
        await consumer.Gets(4);
        (await browser.Does(page, page + "/disable")).Text.ShouldContain("Disabled");
        (await browser.Does(page, page + "/enable")).Text.ShouldContain("Enabled");
        Secret().IsMatch((await browser.Sends(page + "/rotate", await browser.Form(page, page + "/rotate"))).Must().Text).ShouldBeTrue();
        (await browser.Does(page, page + "/remove")).Text.ShouldNotContain("Books of the shop");
        (await new StaffBrowser(world, MoneyWorld.Person("payment.view")).Opens(page)).MustRefuse(FoundationRefusals.NotAllowed);
    }

    [Fact, Covers("M-15")]
    public async Task Staff_see_why_a_payment_waits_and_let_it_pass_and_keep_the_block_list()
    {
        await world.Database.Execute("insert into foundation.settings (key, value, version, changed_at) values ('money.risk_rules', $1::jsonb, 1, now())",
            JsonSerializer.Serialize(RiskRules.Default with { FirstPurchasePoints = 60 }, JsonRules.Options));
        var deal = await world.Order();
        (await deal.TriesToStart()).Refusal!.Code.ShouldBe(MoneyRefusals.PaymentInReview.Code);
        var browser = new StaffBrowser(world, MoneyWorld.Person("risk.review"));
        var page = $"/console/risk/orders/{deal.Order}";
        (await browser.Opens("/console/risk")).Must().Text.ShouldContain($"href=\"{page}\"");
        (await browser.Opens(page)).Must().Text.ShouldSatisfyAllConditions(t => t.ShouldContain("Nothing was paid before."), t => t.ShouldContain("the same"));
        (await browser.Does(page, page + "/decide", ("decision", "approve"), ("reason", " "))).Text.ShouldContain(MoneyRefusals.ReasonMissing.Sentence);
        (await browser.Does(page, page + "/decide", ("decision", "approve"), ("reason", "Known to us."))).Text.ShouldContain("told where to pay");
        (await deal.TriesToStart()).Granted.ShouldBeTrue();
        await world.Database.Execute("delete from foundation.settings where key = 'money.risk_rules'");

        var blocks = "/console/risk/blocks";
        (await browser.Does(blocks, blocks + "/add", ("kind", "address"), ("value", "nowhere"), ("reason", "x"))).Text.ShouldContain("at least /8");
        var added = await browser.Does(blocks, blocks + "/add", ("kind", "address"), ("value", "203.0.113.0/24"), ("reason", "A storm of tries."), ("days", "7"));
        added.Text.ShouldContain("203.0.113.0/24");
        var remove = Remove().Match(added.Text).Groups[1].Value;
        (await browser.Does(blocks, remove, ("reason", "It is over."))).Text.ShouldNotContain("203.0.113.0/24");
    }

    [GeneratedRegex(@"whsec_[A-Za-z0-9+/=]+", RegexOptions.NonBacktracking)]
    private static partial Regex Secret();

    [GeneratedRegex(@"href=""(/console/webhooks/whe_\w+)""", RegexOptions.NonBacktracking)]
    private static partial Regex Page();

    [GeneratedRegex(@"href=""(/console/webhooks/whe_\w+/whm_\w+)""", RegexOptions.NonBacktracking)]
    private static partial Regex Message();

    [GeneratedRegex(@"action=""(/console/risk/blocks/blk_\w+/remove)""", RegexOptions.NonBacktracking)]
    private static partial Regex Remove();
}
