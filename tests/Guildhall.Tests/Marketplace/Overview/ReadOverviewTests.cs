using System.Text.Json;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Overview;
using Guildhall.Marketplace.Packages;
using Guildhall.Marketplace.Reviews;
using Guildhall.Marketplace.Series;
using Guildhall.Marketplace.Waiting;
using Guildhall.Money.Gateways;
using Guildhall.Money.Invoices;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Marketplace.Overview;

[Covers("B-11")]
public sealed class ReadOverviewTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    private static readonly Currency Kwd = Currency.Of("KWD");

    [Fact]
    public async Task Nobody_sees_anything_of_others_and_who_sells_is_no_customer()
    {
        var (shop, one, other) = (await world.Shop(), await world.Person(), await world.Person());
        await shop.Books(one.Caller(), world.InDays(2));
        await HasEverything(one.Caller(), 1);
        (await world.Visitor().Get("me/overview")).Must(401);

        var mine = (await one.Get("me/overview")).Must().Json;
        foreach (var list in new[] { "coming", "requests", "series", "waiting", "packages", "lastYear" }) mine.GetProperty(list).GetArrayLength().ShouldBeGreaterThan(0, list);
        foreach (var theirs in new[] { (await other.Get("me/overview")).Must().Json, JsonSerializer.SerializeToElement(await Sees(shop.Provider), JsonRules.Options) })
        {
            foreach (var list in new[] { "coming", "requests", "series", "waiting", "packages", "unread", "lastYear", "past" }) theirs.GetProperty(list).GetArrayLength().ShouldBe(0, list);
            foreach (var list in new[] { "open", "kept" }) theirs.GetProperty("papers").GetProperty(list).GetArrayLength().ShouldBe(0, list);
        }
    }

    [Fact]
    public async Task A_held_time_can_be_paid_until_it_lapses_and_then_is_gone_whether_or_not_it_was_swept()
    {
        var (shop, customer) = (await world.Shop(), await world.Person());
        var held = await shop.Holds(customer.Caller(), world.InDays(2));
        var coming = (await customer.Get("me/overview")).Must().Json.GetProperty("coming")[0];
        (coming.GetProperty("booking").GetProperty("id").GetString(), coming.GetProperty("pay").GetString()).ShouldBe((held.Id.ToString(), "to_pay"));
        coming.GetProperty("acts").EnumerateArray().Select(a => a.GetString()).ShouldBe(["pay", "release"]);

        await shop.StartsToPay(customer.Caller(), held);
        var underWay = (await Sees(customer.Caller())).Coming.ShouldHaveSingleItem();
        underWay.Pay.ShouldNotBe(PayStanding.ToPay);
        underWay.Acts.ShouldNotContain(BookingAct.Pay); // only one payment at a time

        var late = await world.Customer();
        var lapsing = await shop.Holds(late, world.InDays(3));
        (await Sees(late)).Coming.ShouldHaveSingleItem();
        await world.Database.Execute("update marketplace.bookings set hold_until = $2 where id = $1", lapsing.Id.Value, world.Clock.Now.AddSeconds(-1));
        (await Sees(late)).Coming.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_paid_is_what_the_books_say_and_what_is_on_its_way_back_counts_until_it_arrives()
    {
        var (shop, foreign, customer) = (await world.Shop(), await world.Shop(currency: "USD", priceMinor: 4_000), await world.Customer());
        (await Sees(customer)).LastYear.ShouldBeEmpty();
        await Pays(customer, await shop.Holds(customer, world.InDays(3)));
        var second = await Pays(customer, await shop.Holds(customer, world.InDays(4)));
        await Pays(customer, await foreign.Holds(customer, world.InDays(5)));
        await shop.Holds(customer, world.InDays(6)); // not paid: counts nowhere
        (await Sees(customer)).LastYear.Select(s => (s.Paid.ToString(), s.Back.Minor, s.OnItsWay.Minor)).ShouldBe([(new Amount(50_000, Kwd).ToString(), 0, 0), (new Amount(4_000, Currency.Of("USD")).ToString(), 0, 0)]);

        (await shop.Cancels(customer, second.Id)).OrThrow();
        var sums = await Eventually.Get(async () => (await Sees(customer)).LastYear, s => s[0].Back.Minor > 0, "The refund did not arrive");
        (sums[0].Paid.Minor, sums[0].Back.Minor, sums[0].Kept.Minor, sums[0].OnItsWay.Minor).ShouldBe((50_000, 25_000, 25_000, 0));
        (await Oracle(customer)).ShouldBe([("KWD", 25_000L), ("USD", 4_000L)]);
        // One that is asked for and has not arrived still counts as paid.
        await world.Database.Execute("""
            select money.post_journal('test:' || $1::text, 'refund', $1, $2, $2, array['escrow', 'refunds_in_transit'], array[null, null]::uuid[], array['USD', 'USD'], array[1000, -1000]::bigint[])
            """, (await world.Database.Value<Guid>("select id from money.orders where customer_id = $1 and currency = 'USD'", customer.AccountId!.Value)), world.Clock.Now);
        (await Sees(customer)).LastYear[1].ShouldSatisfyAllConditions(s => s.Kept.Minor.ShouldBe(4_000), s => s.OnItsWay.Minor.ShouldBe(1_000));

        await world.Clock.Passes(367.Days());
        var later = (await Sees(customer)).LastYear;
        later.ShouldAllBe(s => s.Paid.IsZero && s.Back.IsZero); // what is on its way is said however old it is
    }

    [Fact]
    public async Task Each_booking_says_what_can_be_done_with_it_now()
    {
        var (shop, visits, customer) = (await world.Shop(), await world.Shop(kind: "visit"), await world.Customer());
        var booking = await shop.Books(customer, world.InDays(3));
        await visits.Books(customer, world.InDays(4));
        var (talk, visit) = ((await Sees(customer)).Coming[0], (await Sees(customer)).Coming[1]);
        talk.Acts.ShouldBe([BookingAct.Write, BookingAct.Move, BookingAct.Cancel]);
        (talk.Pay, talk.MoveUntil, talk.FreeUntil).ShouldBe((null, (await shop.Terms(customer, booking.Id)).OrThrow().FreeUntil, (await shop.Terms(customer, booking.Id)).OrThrow().FreeUntil));
        visit.Acts.ShouldBe([BookingAct.GiveAddress, BookingAct.SayCode, BookingAct.Write, BookingAct.Move, BookingAct.Cancel]);
        visit.Visit!.Code!.Length.ShouldBe(6);

        (await shop.Writes(shop.Provider, booking.ChatId!.Value, "See you there.")).OrThrow();
        var seen = await Sees(customer);
        (seen.Coming[0].Unread, seen.Unread.ShouldHaveSingleItem().Unread).ShouldBe((1, 1));
        (await shop.Moves(shop.Provider, booking, world.InDays(3, 11))).OrThrow();
        (await Sees(customer)).Coming[0].Acts.ShouldContain(BookingAct.Agree);

        await world.Clock.Passes(world.InDays(3, 11) - world.Clock.Now - 5.Minutes());
        var near = (await Sees(customer)).Coming[0];
        near.Acts.ShouldContain(BookingAct.Call);
        near.FreeUntil.ShouldBe(near.Booking.StartsAt); // the provider moved it
        await world.Clock.Passes(10.Minutes());
        (await Sees(customer)).Coming[0].Acts.ShouldNotContain(BookingAct.Cancel);

        (await shop.Completes(shop.Provider, booking.Id)).OrThrow();
        var past = (await Sees(customer)).Past.ShouldHaveSingleItem();
        (past.Booking.Id, past.MayBookAgain, past.ReviewUntil > world.Clock.Now).ShouldBe((booking.Id, true, true));
        (await WriteReview.Run(world.Data(), customer, booking.Id, new(5, "Good."), default)).OrThrow();
        await world.Database.Execute("update marketplace.services set active = false where id = $1", shop.Service.Value);
        (await Sees(customer)).Past.ShouldHaveSingleItem().ShouldSatisfyAllConditions(p => p.MayBookAgain.ShouldBeFalse(), p => p.ReviewUntil.ShouldBeNull());
    }

    [Fact]
    public async Task An_invoice_is_paid_by_its_link_until_it_is_overdue_and_said_to_be()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var bill = await Bills(shop, customer, 40_000);
        var due = (await Sees(customer)).Papers.Open.ShouldHaveSingleItem();
        (due.Document.Id, due.Overdue, due.PayLink).ShouldBe((bill.Document.Id, false, bill.PayLink));
        due.PayLink.ShouldStartWith("/pay/");
        await world.Clock.Passes(15.Days());
        (await Sees(customer)).Papers.Open.ShouldHaveSingleItem().ShouldSatisfyAllConditions(d => d.Overdue.ShouldBeTrue(), d => d.PayLink.ShouldBeNull());
        (await Sees(shop.Provider)).Papers.Open.ShouldBeEmpty(); // who sells pays nothing

        await shop.Books(customer, world.InDays(2));
        var papers = await Eventually.Get(async () => (await Sees(customer)).Papers, p => p.Kept.Count == 2, "The papers did not come");
        papers.Kept.Select(p => p.Kind).ShouldBe([InvoiceKind.Receipt, InvoiceKind.Invoice], ignoreOrder: true);
        papers.Open.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task It_takes_as_many_queries_for_much_as_for_little()
    {
        var (little, much) = (await world.Customer(), await world.Customer());
        // What awaits its yes or its day of paying counts as held.
        await world.Database.Execute("insert into foundation.settings (key, value, version, changed_at) values ('marketplace.max_open_holds', '50', 1, now()), ('marketplace.max_open_holds_of_one', '50', 1, now())");
        await HasEverything(little, 1);
        await HasEverything(much, 3);
        await world.JobsAreDone();
        var (few, one) = await Counted(little);
        var (many, all) = await Counted(much);
        (one.Coming.Count, one.Requests.Count, one.Series.Count, one.Waiting.Count, one.Packages.Count, one.Papers.Open.Count, one.Past.Count, one.Unread.Count).ShouldBe((5, 1, 1, 1, 1, 1, 1, 2));
        (all.Coming.Count, all.Requests.Count, all.Series.Count, all.Waiting.Count, all.Packages.Count, all.Papers.Open.Count, all.Past.Count, all.Unread.Count).ShouldBe((15, 3, 3, 3, 3, 3, 3, 6));
        many.ShouldBe(few);
        few.ShouldBeLessThanOrEqualTo(26);
    }

    // So many of each: a request, a series of three (one paid), a paid talk and a visit with news, a waiting list, a package, an invoice, a booking that is over.
    private async Task HasEverything(Caller customer, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var (asks, series, shop, visits) = (await world.Shop(), await world.Shop(), await world.Shop(), await world.Shop(kind: "visit"));
            await world.Database.Execute("update marketplace.services set asks_approval = true where id = $1", asks.Service.Value);
            await world.Database.Execute("update marketplace.services set series_most = 10 where id = $1", series.Service.Value);
            var over = await shop.Books(customer, world.InDays(1, 7));
            await asks.Holds(customer, world.InDays(20));
            var first = (await HoldSeries.Run(world.Data(), customer, new HoldSeries.Body(series.Service, world.InDays(15).ToString("O"), 1, 3, null, null), default)).OrThrow().Bookings[0];
            await series.Captured(await series.StartsToPay(customer, first), first.Price);
            var talk = await shop.Books(customer, world.InDays(10));
            (await shop.Writes(shop.Provider, talk.ChatId!.Value, "Hello.")).OrThrow();
            var visit = await visits.Books(customer, world.InDays(11));
            (await visits.Writes(visits.Provider, visit.ChatId!.Value, "Where to?")).OrThrow();
            (await JoinWaitlist.Run(world.Data(), customer, shop.Service, new JoinWaitlist.Body(DateOnly.FromDateTime(world.InDays(3).Date), DateOnly.FromDateTime(world.InDays(4).Date)), default)).OrThrow();
            var package = (await EditPackage.AddOwn(world.Data(), shop.Provider, new EditPackage.Body("Three talks", 3, new Amount(100_000, Kwd), 90, 50, [shop.Service]), default)).OrThrow();
            var sale = (await BuyPackage.Run(world.Data(), customer, package.Id, default)).OrThrow();
            await shop.Captured((await StartPayment.Run(world.Data(), world.Get<GatewayBook>(), customer, sale.OrderId, default)).OrThrow().Id, sale.Price);
            await Bills(shop, customer, 10_000);
            await world.Database.Execute("update marketplace.bookings set state = 'completed', completed_at = $2 where id = $1", over.Id.Value, world.Clock.Now);
        }
    }

    private async Task<ReadInvoice.View> Bills(Shop shop, Caller customer, long minor)
    {
        var issued = (await IssueInvoice.Run(world.Data(), world.Get<MasterKey>(), MarketplaceWorld.Staff,
        new IssueInvoice.Body(new AccountId(customer.AccountId!.Value), new AccountId(shop.Provider.AccountId!.Value), [new IssueInvoice.Line("A plan", new Amount(minor, Kwd))], world.Clock.Now.AddDays(14)), default)).OrThrow();
        return (await ReadInvoice.Run(world.Data(), world.Get<MasterKey>(), customer, issued.Document.Id, default)).OrThrow();
    }

    private async Task<BookingView> Pays(Caller customer, BookingView held)
    {
        var payment = (await StartPayment.Run(world.Data(), world.Get<GatewayBook>(), customer, held.OrderId, default)).OrThrow().Id;
        await world.Gateway.Pays(await world.Database.Value<string>("select gateway_ref from money.payments where id = $1", payment.Value), "success");
        return await Eventually.Get(async () => (await ReadBooking.Run(world.Data(), customer, held.Id, default)).OrThrow(), b => b.State == BookingState.Confirmed, "It was not confirmed");
    }

    // From the rows of payments and refunds, not from the journals.
    private async Task<IReadOnlyList<(string, long)>> Oracle(Caller customer) => [.. (await world.Database.Rows("""
        select o.currency, (sum(g.captured_minor) - coalesce(sum((select sum(r.minor) from money.refunds r where r.payment_id = p.id and r.state = 'completed')), 0))::bigint
        from money.orders o join money.payments p on p.order_id = o.id join money.payment_guards g on g.payment_id = p.id where o.customer_id = $1 and g.captured_minor > 0 group by o.currency order by o.currency
        """, customer.AccountId!.Value)).Select(r => ((string)r[0]!, (long)r[1]!))];

    private Task<ReadOverview.View> Sees(Caller who) => ReadOverview.Run(world.Data(1), world.Get<MasterKey>(1), who, default);

    private async Task<(int Count, ReadOverview.View View)> Counted(Caller who)
    {
        var count = new Counting();
        world.Data(1).Tap = count;
        try
        {
            var view = await Sees(who);
            return (count.Count, view);
        }
        finally { world.Data(1).Tap = null; }
    }

    // Of this flow only: jobs run beside it.
    private sealed class Counting : DatabaseTap
    {
        private readonly AsyncLocal<bool> _mine = new() { Value = true };
        private int _count;

        public int Count => _count;

        public override ValueTask Before(string what)
        {
            if (_mine.Value) Interlocked.Increment(ref _count);
            return default;
        }
    }
}
