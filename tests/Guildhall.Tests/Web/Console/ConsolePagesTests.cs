using Guildhall.Money;
using Guildhall.Tests.Money;

namespace Guildhall.Tests.Web.Console;

public sealed class ConsolePagesTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    private const int MaxBytes = 60_000;
    private static readonly string Fee = MoneySettings.PlatformFee.Key;

    public static TheoryData<string> Pages =>
    [
        "/console", "/console/charts", "/console/search", "/console/search?q=platform", "/console/payments", "/console/payments?state=in_escrow", "/console/payments?state=set_aside",
        "/console/withdrawals", "/console/withdrawals?state=all", "/console/payout-batches", "/console/people", "/console/audit",
        "/console/bookings", "/console/invitations", "/console/roles", "/console/roles/finance", "/console/applications", "/console/applications?state=approved",
        "/console/settings", $"/console/settings/{Fee}", "/console/approvals", "/console/approvals?state=approved",
        "/console/quarantine", "/console/quarantine?state=resolved", "/console/messages", "/console/messages?proof=hint",
        "/console/fees", "/console/settlements", "/console/jobs", "/console/integrations",
        "/console/templates", "/console/templates/new_message", "/console/templates/sms.phone_code?version=0", "/console/deliveries", "/console/deliveries?person=nobody@mail.test&state=failed&template=new_message",
        "/console/suppressions", "/console/suppressions?search=nobody@mail.test&channel=email&reason=bounced", "/console/system", "/console/ledger",
        "/console/ledger/accounts", "/console/ledger/accounts/1", "/console/ledger/periods", "/console/ledger/seal",
        "/console/invoices", "/console/invoices?kind=credit_note&state=issued&number=CN", "/console/invoices/new", "/console/webhooks",
        "/console/disputes", "/console/disputes?state=open", "/console/exposure", "/console/reconciliation", "/console/reconciliation/exceptions", "/console/payment-health", "/console/ledger/exchange",
        "/console/ledger/exchange?amount=5&currency=KWD&from=cash&to=bank&rate=x", "/console/payments?gateway=stripe&currency=KWD&least=1&most=30.5&from=2020-01-01&until=2030-01-01",
        "/console/withdrawals?state=all&gateway=stripe&currency=KWD&least=1&from=2020-01-01", "/console/risk", "/console/risk?state=rejected", "/console/risk/blocks",
        "/console/sign-ins", "/console/sign-ins?outcome=all", "/console/sign-ins/networks", "/console/limits",
        "/console/client-projects", "/console/client-projects?state=active",
        "/console/reviews", "/console/reviews?hidden=true", "/console/mask-appeals", "/console/mask-appeals?state=granted", "/console/talk-reports", "/console/talk-reports?state=decided",
        "/console/absences", "/console/absences?state=settled", "/console/cancellation-terms", "/console/cancellation-terms?h1=24&p1=100&later=50&noshow=0&move=24&moves=3&sale=25",
    ];

    [Theory, MemberData(nameof(Pages)), Covers("A-3")]
    public async Task Every_page_opens_for_an_administrator_and_stays_light(string page)
    {
        await (await world.Order()).Pays();
        var shown = (await new StaffBrowser(world, MoneyWorld.Staff).Opens(page)).Must();
        shown.Text.ShouldContain("<h1>");
        System.Text.Encoding.UTF8.GetByteCount(shown.Text).ShouldBeLessThan(MaxBytes);
    }

    [Theory, MemberData(nameof(Pages)), Covers("I-12")]
    public async Task No_page_opens_without_its_permission(string page)
    {
        (await new StaffBrowser(world, MoneyWorld.Person()).Opens(page)).MustRefuse(FoundationRefusals.NotAllowed);
        (await world.Visitor().Send(HttpMethod.Get, page)).Must(302).Headers["Location"].ShouldStartWith("/sign-in?returnUrl=");
    }

    [Theory]
    [InlineData("/console/payments/pay_00000000000000000000000000")]
    [InlineData("/console/payments/nonsense")]
    [InlineData("/console/withdrawals/wdr_00000000000000000000000000")]
    [InlineData("/console/people/acc_00000000000000000000000000")]
    [InlineData("/console/bookings/bkg_00000000000000000000000000")]
    [InlineData("/console/approvals/apv_00000000000000000000000000")]
    [InlineData("/console/invoices/inv_00000000000000000000000000")]
    [InlineData("/console/webhooks/whe_00000000000000000000000000")]
    [InlineData("/console/risk/orders/ord_00000000000000000000000000")]
    [InlineData("/console/sign-ins/sid_00000000000000000000000000")]
    [InlineData("/console/client-projects/cpj_00000000000000000000000000")]
    [InlineData("/console/absences/abs_00000000000000000000000000")]
    [InlineData("/console/deliveries/dlv_00000000000000000000000000")]
    [InlineData("/console/templates/no_such")]
    [InlineData("/console/templates/new_message?version=7")]
    [InlineData("/console/reviews/rev_00000000000000000000000000")]
    [InlineData("/console/mask-appeals/map_00000000000000000000000000")]
    [InlineData("/console/talk-reports/rpt_00000000000000000000000000")]
    [InlineData("/console/settings/no.such")]
    [InlineData("/console/roles/no_such")]
    [InlineData("/console/applications/pap_00000000000000000000000000")]
    public async Task What_does_not_exist_is_not_found(string page) => (await new StaffBrowser(world, MoneyWorld.Staff).Opens(page)).Must(404);

    [Fact, Covers("M-4")]
    public async Task What_a_gateway_reported_wrongly_stands_where_staff_look_first()
    {
        var payment = await (await world.Order()).Starts();
        await world.Database.Execute("insert into money.quarantine (payment_id, reason, expected, reported, source, at) values ($1, 'wrong_amount', '25.000 KWD', '24.000 KWD', 'stripe', now())", payment.Id.Value);
        var browser = new StaffBrowser(world, MoneyWorld.Staff);
        (await browser.Opens("/console")).Text.ShouldContain("href=\"/console/payments?state=set_aside\"");
        (await browser.Opens("/console/payments?state=set_aside")).Text.ShouldContain($"href=\"/console/payments/{payment.Id}\"");
        (await browser.Opens($"/console/payments/{payment.Id}")).Text.ShouldContain("24.000 KWD");
    }

    [Fact]
    public async Task The_dashboard_shows_no_door_that_would_not_open()
    {
        var shown = (await new StaffBrowser(world, MoneyWorld.Person("dashboard.view")).Opens("/console")).Must().Text;
        shown.ShouldNotContain("href=\"/console/");
    }

    [Fact, Covers("A-4")]
    public async Task The_fee_is_changed_with_a_reason_and_a_second_change_from_an_old_page_is_told_so()
    {
        var (page, action) = ($"/console/settings/{Fee}", $"/console/settings/{Fee}/change");
        var staff = MoneyWorld.Person("*");
        var browser = new StaffBrowser(world, staff);
        var old = await browser.Form(page, action);
        (await browser.Does(page, action, ("value", "12.5"), ("why", ""))).Text.ShouldContain("Say why you change this");
        (await browser.Does(page, action, ("value", "80"), ("why", "Greed"))).Text.ShouldContain("between 0 and 5000");
        (await browser.Does(page, action, ("value", "12.5"), ("why", "Summer campaign"))).Text.ShouldContain("Platform fee is 12.5 % from now on.");

        (old["value"], old["why"]) = ("13", "From an old page");
        var late = await browser.Opens((await browser.Sends(action, old)).Must(303).Headers["Location"]);
        late.Text.ShouldContain("Somebody changed this setting after you had opened it");
        late.Text.ShouldContain("From an old page");
        (await world.Database.Value<string>("select value::text from foundation.settings where key = $1", Fee)).ShouldBe("1250");
    }

    [Fact, Covers("O-6")]
    public async Task A_dead_job_is_tried_again()
    {
        var id = await world.Database.Value<long>("""
            insert into foundation.jobs (kind, payload, state, run_at, max_attempts, attempts, created_at, died_at, last_error)
            values ('forget_expired', '{}', 'dead', now(), 12, 12, now(), now(), 'It failed.') returning id
            """);
        var browser = new StaffBrowser(world, MoneyWorld.Staff);
        (await browser.Opens("/console/jobs")).Text.ShouldContain("It failed.");
        (await browser.Does("/console/jobs", $"/console/jobs/{id}/replay")).Text.ShouldContain($"Job {id} is tried again.");
        (await browser.Sends($"/console/jobs/{id}/replay", await browser.Form("/console/audit", "/console/audit/verify"))).Must(303);
        await Eventually.True(async () => await world.Database.Count("foundation.jobs where id = $1", id) == 0, "The job was expected to run.");
    }

    [Fact, Covers("I-13")]
    public async Task The_chain_of_the_audit_trail_is_verified_on_request()
    {
        await (await world.Order()).Pays();
        var shown = await new StaffBrowser(world, MoneyWorld.Staff).Does("/console/audit", "/console/audit/verify");
        shown.Text.ShouldContain("The chain holds");
        shown.Text.ShouldContain("Payment captured");
    }

    [Fact]
    public async Task A_page_of_an_unknown_person_is_not_an_error_and_a_figure_opens_to_its_payments()
    {
        var payment = await (await world.Order()).Pays();
        var browser = new StaffBrowser(world, MoneyWorld.Staff);
        (await browser.Opens("/console")).Text.ShouldContain("href=\"/console/payments?state=in_escrow\"");
        (await browser.Opens("/console/payments?state=in_escrow")).Text.ShouldContain(payment.ToString());
        (await browser.Opens($"/console/payments/{payment}")).Must().Text.ShouldContain("Customer paid");
    }
}
