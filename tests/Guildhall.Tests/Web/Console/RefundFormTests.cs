using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Tests.Money;

namespace Guildhall.Tests.Web.Console;

public sealed class RefundFormTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    private static readonly Caller Clerk = MoneyWorld.Person("payment.view", "payment.refund");

    [Fact, Covers("M-8", "A-3")]
    public async Task A_refund_goes_out_as_typed_and_the_page_says_so()
    {
        var (page, action) = await Paid();
        var shown = await new StaffBrowser(world, Clerk).Does($"{page}?refund=5", action, ("refund_amount", "5"), ("reason", "The customer was ill"));
        System.Net.WebUtility.HtmlDecode(shown.Must().Text).ShouldContain("Refund of 5.000\u00a0KWD is on its way");
        shown.Text.ShouldContain("The customer was ill");
        (await Refunds(page)).ShouldBe(5_000);
        await world.SettlesDown();
    }

    [Fact, Covers("M-3", "M-8")]
    public async Task A_double_press_refunds_once_and_leads_to_the_same_page()
    {
        var (page, action) = await Paid();
        var browser = new StaffBrowser(world, Clerk);
        var form = await browser.Form($"{page}?refund=1", action);
        (form["reason"], form["refund_amount"]) = ("Pressed twice", "1");
        var answers = await Task.WhenAll(browser.Sends(action, form), browser.Sends(action, form));
        answers.ShouldAllBe(a => a.Status == 303 && a.Headers["Location"] == page);
        (await browser.Sends(action, form)).Must(303).Headers["Idempotency-Replayed"].ShouldBe("true");
        (await Refunds(page)).ShouldBe(1_000);
    }

    [Fact]
    public async Task A_refusal_keeps_what_was_typed_and_stands_at_the_field()
    {
        var (page, action) = await Paid();
        var browser = new StaffBrowser(world, Clerk);
        var form = await browser.Form($"{page}?refund=5", action);
        (form["reason"], form["refund_amount"], form["shown"]) = ("Kept as typed", "99999", "99999.000");
        var shown = await browser.Opens((await browser.Sends(action, form)).Must(303).Headers["Location"]);
        shown.Text.ShouldContain(System.Net.WebUtility.HtmlEncode(MoneyRefusals.RefundTooLarge.Sentence));
        shown.Text.ShouldContain("Kept as typed");
        (await Refunds(page)).ShouldBe(0);
    }

    [Fact, Covers("M-8", "A-3")]
    public async Task Only_the_amount_that_was_shown_is_refunded()
    {
        var (page, action) = await Paid();
        var browser = new StaffBrowser(world, Clerk);
        var form = await browser.Form($"{page}?refund=5", action);
        (form["reason"], form["refund_amount"]) = ("Changed my mind", "7");
        var shown = await browser.Opens((await browser.Sends(action, form)).Must(303).Headers["Location"]);
        shown.Text.ShouldContain("You changed the amount");
        shown.Text.ShouldContain("Changed my mind");
        (await Refunds(page)).ShouldBe(0);

        var again = await browser.Form($"{page}?refund=7.000", action);
        (again["reason"], again["refund_amount"], again["act"]) = ("Not yet", "7", "preview");
        (await browser.Opens((await browser.Sends(action, again)).Must(303).Headers["Location"])).Text.ShouldContain("Not yet");
        (await Refunds(page)).ShouldBe(0);
    }

    [Fact, Covers("asvs-3.5.1")]
    public async Task A_form_without_its_token_is_refused_and_nothing_moves()
    {
        var (page, action) = await Paid();
        var browser = new StaffBrowser(world, Clerk);
        var form = await browser.Form(page, action);
        (form["reason"], form["refund_amount"]) = ("Forged", "25");
        form.Remove("__RequestVerificationToken");
        (await browser.Sends(action, form)).MustRefuse(FoundationRefusals.AntiforgeryFailed);
        (await Refunds(page)).ShouldBe(0);
    }

    [Fact]
    public async Task Who_may_only_look_sees_why_and_cannot_post()
    {
        var (page, action) = await Paid();
        var browser = new StaffBrowser(world, MoneyWorld.Person("payment.view"));
        (await browser.Opens(page)).Must().Text.ShouldContain("Your account may not refund");
        (await browser.Sends(action, new Dictionary<string, string> { ["reason"] = "x" })).MustRefuse(FoundationRefusals.NotAllowed);
    }

    [Fact]
    public async Task An_amount_that_is_none_is_said_at_the_field()
    {
        var (page, _) = await Paid();
        var browser = new StaffBrowser(world, Clerk);
        (await browser.Opens($"{page}?refund=much")).Must().Text.ShouldContain("Write an amount such as");
        (await browser.Opens($"{page}?refund=26")).Must().Text.ShouldContain("At most 25.000");
    }

    private async Task<(string Page, string Action)> Paid()
    {
        var deal = await world.Order();
        var page = $"/console/payments/{await deal.Pays()}";
        return (page, page + "/refunds");
    }

    private Task<long> Refunds(string page) => Id.TryParse<PaymentId>(page[(page.LastIndexOf('/') + 1)..], out var id)
        ? world.Database.Value<long>("select coalesce(sum(minor), 0)::bigint from money.refunds where payment_id = $1", id.Value)
        : throw new ArgumentException(page, nameof(page));
}
