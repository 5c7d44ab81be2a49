using System.Net;
using Guildhall.Money;
using Guildhall.Money.Gateways.Mpesa;
using Guildhall.Money.Gateways.PayPal;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Web.Pages;

/// <summary>A marketplace that pays out to bank accounts, by PayPal and by M-Pesa.</summary>
public sealed class WalletPagesWorld : PagesWorld
{
    internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with
    {
        PayPal = new PayPalOptions(settings.SandboxUrl!, "guildhall_sandbox_paypal", "guildhall_sandbox_paypal_secret", ["WHGUILDHALLSANDBOX"], settings.Url) { Payouts = true },
        Mpesa = new MpesaOptions(settings.SandboxUrl!, "guildhall_sandbox_mpesa_key", "guildhall_sandbox_mpesa_secret", "174379", "none", new Uri(settings.Url, "/api/v1/webhooks/mpesa"), "callbacks"u8.ToArray())
        {
            Initiator = new MpesaInitiator("testapi", "guildhall_sandbox_initiator", ""), PayoutShortCode = "600996",
        },
    };
}

/// <summary>A provider says where the money goes, on the page and by the API.</summary>
public sealed class DestinationFormsTests(WalletPagesWorld world, PagesWorld plain) : IClassFixture<WalletPagesWorld>, IClassFixture<PagesWorld>
{
    private const string Page = "/desk/money/bank";

    [Theory, InlineData("paypal", "omar.haddad@example.test", "PayPal o•••@example.test"), InlineData("mpesa", "0712 345 678", "M-Pesa •••• 5678")]
    [Covers("M-14")]
    public async Task What_is_wrong_is_told_at_its_field_and_what_is_right_is_kept(string kind, string account, string hint)
    {
        var omar = await world.Person("omar");
        var refused = await omar.Follows(await omar.Sends(Page, Page, ("kind", kind), (kind, "no such thing")));
        refused.Text.ShouldContain($"href=\"#{kind}\"");
        refused.Text.ShouldContain("value=\"no such thing\"");
        WebUtility.HtmlDecode((await omar.Follows(await omar.Sends(Page, Page, ("kind", kind), (kind, account)))).Text).ShouldContain(hint);
        (await omar.Opens(Page)).Text.ShouldNotContain(account);
        (await omar.Opens("/desk/money/withdraw")).Must();
    }

    [Fact]
    [Covers("M-14")]
    public async Task The_page_speaks_arabic_about_all_three()
    {
        var omar = await world.Person("omar");
        var page = WebUtility.HtmlDecode((await omar.Opens(Page + "?lang=ar")).Must().Text);
        page.ShouldContain("بريد حسابك في PayPal");
        page.ShouldContain("رقم الهاتف لدى M-Pesa");
        page.ShouldContain("رقم الآيبان أو الحساب");
        var refused = await omar.Follows(await omar.Sends(Page + "?lang=ar", Page, ("kind", "mpesa"), ("mpesa", "12")));
        WebUtility.HtmlDecode(refused.Text).ShouldContain("هذا ليس رقمًا تدفع إليه M-Pesa");
        await omar.Opens(Page + "?lang=en");
    }

    [Fact]
    [Covers("M-14")]
    public async Task Where_they_are_not_set_up_nobody_is_offered_them()
    {
        var omar = await plain.Person("omar");
        (await omar.Opens(Page)).Must().Text.ShouldNotContain("M-Pesa");
        (await omar.Follows(await omar.Sends(Page, Page, ("kind", "mpesa"), ("mpesa", "0712345678")))).Text.ShouldContain(MoneyRefusals.DestinationNotOffered.Sentence);
    }
}
