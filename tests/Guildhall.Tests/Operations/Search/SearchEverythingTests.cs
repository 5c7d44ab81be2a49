using System.Text.Json;
using Guildhall.Content.Text;
using Guildhall.Money;
using Guildhall.Money.Orders;
using Guildhall.Operations;
using Guildhall.Tests.Content;
using Guildhall.Tests.Money;
using Guildhall.Tests.Money.Invoices;
using Guildhall.Tests.Web.Console;
using Microsoft.AspNetCore.Builder;

namespace Guildhall.Tests.Operations.Search;

/// <summary>Staff find whatever they may see by what they have at hand, and nothing else.</summary>
[Covers("A-3")]
public sealed class SearchEverythingTests(SearchEverythingTests.Setup world) : IClassFixture<SearchEverythingTests.Setup>
{
    public sealed class Setup : MoneyWorld
    {
        internal LogBook Log { get; } = new();

        protected override void Adjust(WebApplicationBuilder builder, int node)
        {
            base.Adjust(builder, node);
            Log.Listen(builder);
        }
    }

    [Fact]
    public async Task A_payment_is_found_by_its_id_its_order_its_refund_and_what_the_gateway_calls_it()
    {
        var deal = await world.Order();
        var payment = await deal.Pays();
        var refund = await deal.Refunded(1_000);
        foreach (var text in new[] { payment.ToString(), deal.Order.ToString(), refund.ToString(), await deal.SessionOf(payment), $"  {payment} " })
            (await Finds(text, "payment.view", "payments")).ShouldBe([payment.ToString()], text);
        (await Finds(deal.Order.ToString(), "payment.view", "orders")).ShouldBe([deal.Order.ToString()]);
        (await Finds((await deal.SessionOf(payment))[..^1], "payment.view", "payments")).ShouldBeEmpty("a part of a reference is none");
    }

    [Fact]
    public async Task People_are_found_by_the_beginning_of_address_and_name_and_by_their_number()
    {
        var person = await People.Person(world, "customer");
        await world.Database.Execute("update identity.accounts set display_name = 'Quetzal Ahmadi', phone = '+96599887766', phone_verified_at = now() where id = $1", person.Id);
        var id = Id.Format("acc", person.Id);
        foreach (var text in new[] { person.Email, person.Email[..12].ToUpperInvariant(), "quetzal", "+965 9988 7766", id })
            (await Finds(text, "account.view", "people")).ShouldBe([id], text);
        foreach (var text in new[] { "Ahmadi", "%%", "q_etzal", "+9659988776" }) (await Finds(text, "account.view", "people")).ShouldNotContain(id, text);
    }

    [Fact]
    public async Task Withdrawals_papers_texts_settings_jobs_and_bookings_are_found_by_what_they_are_called()
    {
        var provider = await world.ProviderWith(new Amount(25_000, MoneyWorld.Kwd));
        var withdrawal = await world.Withdraws(provider, 11_000);
        var payout = await world.Database.Value<Guid>("select id from money.payouts where withdrawal_id = $1", withdrawal.Value);
        (await Finds(withdrawal.ToString(), "withdrawal.view", "withdrawals")).ShouldBe([withdrawal.ToString()]);
        (await Finds(Id.Format("pot", payout), "withdrawal.view", "withdrawals")).ShouldBe([withdrawal.ToString()]);

        var word = Writer.Word();
        var document = (await new Writer(world).Writes(ContentKind.Post, Writer.English($"{word} in spring", word + "-slug"))).ToString();
        (await Finds(word.ToUpperInvariant() + " IN", "content.view", "content")).ShouldBe([document]);
        (await Finds(document, "content.view", "content")).ShouldBe([document]);

        var key = MoneySettings.PlatformFee.Key;
        (await Finds(key[2..].ToUpperInvariant(), "settings.change", "settings")).ShouldContain(key);
        var job = await world.Database.Value<long>("""
            insert into foundation.jobs (kind, payload, state, run_at, max_attempts, attempts, created_at, died_at, last_error)
            values ('forget_expired', '{}', 'dead', now(), 12, 12, now(), now(), 'It failed.') returning id
            """);
        (await Finds($"#{job}", "job.replay", "jobs")).ShouldBe([$"{job}"]);

        var seller = await Trade.Provider(world);
        var booking = await (await People.Person(world, "customer")).Books(seller);
        foreach (var id in new[] { booking.Word("id"), booking.Word("orderId") }) (await Finds(id, "booking.view", "bookings")).ShouldBe([booking.Word("id")]);
    }

    [Fact]
    public async Task Papers_are_found_by_the_beginning_of_their_number()
    {
        var deal = await world.OrderOf([new OrderLine("A session", new Amount(25_000, MoneyWorld.Kwd))], by: await world.Account());
        var payment = await deal.Pays();
        var number = await Eventually.Get(
            async () => (await world.Database.Column<string>("select number from money.invoices where payment_id = $1 and kind = 'receipt'", payment.Value)).SingleOrDefault(),
            n => n is not null, "No receipt was written");
        (await Titles(number!.ToLowerInvariant(), "invoice.view", "invoices")).ShouldContain(number);
        (await Titles(number[..4], "invoice.view", "invoices")).ShouldNotBeEmpty();
        (await Titles(deal.Order.ToString(), "invoice.view", "invoices")).ShouldContain(number);
    }

    [Fact]
    [Covers("I-12")]
    public async Task Nobody_finds_what_they_may_not_see()
    {
        var person = await People.Person(world, "customer");
        var payment = await (await world.Order()).Pays();
        (await Kinds(person.Email, "payment.view")).ShouldBeEmpty();
        (await Kinds(person.Email, "account.view")).ShouldBe(["people"]);
        (await Kinds(payment.ToString(), "account.view", "withdrawal.view", "invoice.view", "booking.view", "settings.change", "job.replay", "content.view", "delivery.view")).ShouldBeEmpty();
        (await world.As(MoneyWorld.Person("payment.view")).Get($"admin/search?q={payment}")).MustRefuse(FoundationRefusals.NotAllowed);
        (await world.Visitor().Get($"admin/search?q={payment}")).Must(401);
        (await new StaffBrowser(world, MoneyWorld.Person("dashboard.view", "payment.view")).Opens($"/console/search?q={person.Email}")).Must().Text.ShouldContain("Nothing found");
    }

    [Fact]
    public async Task Of_one_kind_eight_are_shown_and_that_there_are_more_is_said()
    {
        for (var i = 0; i < 9; i++)
        {
            var person = await People.NotYetSignedIn(world, "customer");
            await world.Database.Execute("update identity.accounts set display_name = $2 where id = $1", person.Id, $"Zyzzyva {i}");
        }
        var group = (await Searcher("account.view").Get("admin/search?q=zyzz")).Must().At("groups.0");
        group.GetProperty("hits").GetArrayLength().ShouldBe(8);
        group.GetProperty("more").GetBoolean().ShouldBeTrue();
        (await new StaffBrowser(world, MoneyWorld.Person("dashboard.view", "account.view")).Opens("/console/search?q=zyzz")).Must().Text.ShouldContain("Say more of what you look for");
    }

    [Theory]
    [InlineData(""), InlineData("a"), InlineData(" a "), InlineData("%00abc")]
    public async Task Too_little_or_broken_text_is_refused(string text) =>
        (await Searcher("account.view").Get("admin/search?q=" + text)).Status.ShouldBeOneOf(422, 400);

    [Fact]
    public async Task A_long_text_is_refused_and_the_page_says_so()
    {
        (await Searcher("account.view").Get("admin/search?q=" + new string('a', 101))).MustRefuse(OperationsRefusals.SearchTextLength);
        (await Browser().Opens("/console/search?q=a")).Must().Text.ShouldContain("Search for 2 to 100 characters");
    }

    [Fact]
    public async Task The_field_in_the_console_leads_straight_to_what_an_id_names_and_lists_what_words_find()
    {
        var deal = await world.Order();
        var payment = await deal.Pays();
        var browser = Browser();
        (await browser.Opens("/console")).Must().Text.ShouldContain("action=\"/console/search\"");
        (await browser.Opens($"/console/search?q={payment}")).Must(302).Headers["Location"].ShouldEndWith($"/console/payments/{payment}");
        var listed = (await browser.Opens($"/console/search?q={deal.Order}")).Must().Text;
        listed.ShouldContain($"href=\"/console/payments/{payment}\"");
        (await browser.Opens("/console/search?q=platform_fee")).Must().Text.ShouldContain("href=\"/console/settings/");
        (await browser.Opens("/console/search?q=pay_00000000000000000000000000")).Must().Text.ShouldContain("Nothing found");
        (await new StaffBrowser(world, MoneyWorld.Person("payment.view")).Opens("/console/payments")).Must().Text.ShouldNotContain("/console/search");
    }

    [Fact]
    [Covers("O-4")]
    public async Task What_was_looked_for_stands_in_no_log_and_in_no_trail()
    {
        var text = $"secretive{Guid.NewGuid():n}@mail.test";
        (await Searcher("account.view", "payment.view").Get("admin/search?q=" + text)).Must();
        (await Browser().Opens("/console/search?q=" + text)).Must();
        world.Log.With(text[..20]).ShouldBeEmpty();
        (await world.Database.Count("foundation.audit where coalesce(after::text, '') || subject_id like '%secretive%'")).ShouldBe(0);
    }

    private StaffBrowser Browser() => new(world, MoneyWorld.Staff);

    private Visitor Searcher(params string[] permissions) => world.As(MoneyWorld.Person(["dashboard.view", .. permissions]));

    private async Task<IReadOnlyList<JsonElement>> Groups(string text, params string[] permissions) =>
        [.. (await Searcher(permissions).Get("admin/search?q=" + Uri.EscapeDataString(text))).Must().At("groups").EnumerateArray()];

    private async Task<IReadOnlyList<string?>> Kinds(string text, params string[] permissions) => [.. (await Groups(text, permissions)).Select(g => g.GetProperty("kind").GetString())];

    private Task<IReadOnlyList<string?>> Finds(string text, string permission, string kind) => Of(text, permission, kind, "id");

    private Task<IReadOnlyList<string?>> Titles(string text, string permission, string kind) => Of(text, permission, kind, "title");

    private async Task<IReadOnlyList<string?>> Of(string text, string permission, string kind, string part) =>
        [.. (await Groups(text, permission)).Where(g => g.GetProperty("kind").GetString() == kind).SelectMany(g => g.GetProperty("hits").EnumerateArray()).Select(h => h.GetProperty(part).GetString())];
}
