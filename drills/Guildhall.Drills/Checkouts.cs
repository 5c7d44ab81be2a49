using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Guildhall.Operations.SandboxTime;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Drills;

/// <summary>Checkouts by the use cases of a node in this process, against the gateway of the sandbox; its webhooks come in any order, some twice, some after the hold has expired and the slot is somebody else's.</summary>
internal static class Checkouts
{
    public const string Help = """
        Usage: ./drill checkouts [--short] [--seed N] [--count N]
        100,000 checkouts (--short: 300) in waves of 1,000 (100): a slot is held, its payment started, the sandbox's page paid. Of ten, one is given up and two are told of only after the hold has expired by
        the clock, while another customer wants the slot of every other of these. Webhooks come in an order of chance, a quarter of them twice. No payment that the product was told of may be without
        its slot or its refund for more than 60 s of the product's clock; no slot is sold twice, each webhook has its effect once, and the books balance. Mails and the files of documents are put off
        by a month: they are not what is asked here.
        """;

    private const int HoldMinutes = 5, Clients = 24, Grace = 60;

    private enum Fate { Paid, GivenUp, ToldLate, Contested }

    private sealed class Course(Stage stage, IServiceProvider product, PostOffice post, int providers, int customers)
    {
        public readonly ConcurrentDictionary<string, int> Tally = new(StringComparer.Ordinal);
        public readonly ConcurrentBag<int> Wanted = [];
        private readonly DateTimeOffset _first = new(DateTime.UtcNow.Date.AddDays(2), TimeSpan.Zero);
        private readonly Database _database = product.GetRequiredService<Database>();
        private readonly GatewayBook _gateways = product.GetRequiredService<GatewayBook>();
        private int _customer, _kept;

        public async Task Run(int slot, Fate fate)
        {
            var customer = new Caller { Kind = CallerKind.Person, AccountId = Market.Customer(Interlocked.Increment(ref _customer) % customers), SessionId = Guid.CreateVersion7(), OperationId = Guid.CreateVersion7() };
            var start = _first.AddMinutes(15 * (slot / providers)).ToString("O", CultureInfo.InvariantCulture);
            var held = await HoldSlot.Run(_database, customer, new HoldSlot.Body(ServiceId.From(Market.Service(slot % providers)), start), default);
            if (!held.Is(out var booking, out var refusal))
            {
                Count(refusal == MarketplaceRefusals.SlotUnavailable ? "came too late" : $"not held: {refusal.Code}");
                return;
            }
            var started = await StartPayment.Run(_database, _gateways, customer with { OperationId = Guid.CreateVersion7() }, booking.OrderId, default);
            if (!started.Is(out var payment, out refusal) || payment.RedirectUrl is not { } page)
            {
                Count($"no page: {refusal?.Code ?? "not opened"}");
                return;
            }
            if (fate is Fate.GivenUp)
            {
                Count("given up");
                return;
            }
            if (fate is not Fate.Paid) post.KeepBack(payment.Id.ToString());
            if (fate is Fate.Contested) Wanted.Add(slot);
            using var answer = await stage.Sandbox.PostAsJsonAsync($"/sandbox/stripe/checkout_sessions/{new Uri(page).Segments[^1]}/pay", new { outcome = "success" });
            if (!answer.IsSuccessStatusCode) Count($"page: {(int)answer.StatusCode}");
            else if (fate is Fate.Paid) Count("paid");
            else Interlocked.Increment(ref _kept);
        }

        /// <summary>Everything that the product was told of has had its effect; how long that took at most is for the judge.</summary>
        public async Task<bool> Settled()
        {
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(2 * Grace); await Task.Delay(200))
            {
                if (post.IsEmpty && await stage.Ask<bool>("select not exists (select 1 from money.webhooks where state = 'received')")
                    && await stage.Ask<long>("select count(*) from money.payments where state = 'captured'") >= Tally.GetValueOrDefault("paid")) return true;
            }
            return false;
        }

        /// <summary>The holds expire by the clock; then comes what was kept back.</summary>
        public async Task LetExpire()
        {
            (await product.GetRequiredService<SandboxClockDoor>().Advance(Caller.System("drill"), (HoldMinutes + 1) * 60, default)).OrThrow();
            post.Release();
            Tally.AddOrUpdate("paid", _ => _kept, (_, n) => n + _kept);
            Tally.AddOrUpdate("told late", _ => _kept, (_, n) => n + _kept);
            _kept = 0;
        }

        private void Count(string what) => Tally.AddOrUpdate(what, 1, (_, n) => n + 1);
    }

    public static async Task<int> Run(int count, int wave, int seed)
    {
        var (dice, providers, customers) = (new Random(seed), Math.Clamp(count / 20, 20, 200), Math.Max(200, count / 10));
        await using var post = new PostOffice(seed);
        await post.Open();
        await using var stage = await Stage.WithoutNodes(post.Address, keep: Math.Max(25_000, 4 * count));
        await Furnish(stage, providers, customers);
        await using var app = await stage.Inside();
        post.BringTo(stage.Nodes[0], app.Services.GetRequiredService<Database>().Clock);

        var (course, watch, faults) = (new Course(stage, app.Services, post, providers, customers), Stopwatch.StartNew(), new List<string>());
        for (var (from, more) = (0, true); more && faults.Count == 0;)
        {
            // Those first whose slot may just have become free.
            var list = course.Wanted.Select(slot => (slot, Fate.Paid)).Concat(Enumerable.Range(from, Math.Min(wave, count - from)).Select(slot => (slot, FateOf(dice)))).ToList();
            course.Wanted.Clear();
            await Parallel.ForEachAsync(list, new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (one, _) => await course.Run(one.slot, one.Item2));
            if (!await course.Settled()) faults.Add($"{2 * Grace} s after a wave something that the product was told of has not had its effect");
            more = list.Count > 0 && (from < count || !course.Wanted.IsEmpty);
            from = Math.Min(count, from + wave);
            if (more) await course.LetExpire();
            if (from % (10 * wave) == 0 && from < count) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{from} checkouts, {from / watch.Elapsed.TotalSeconds:0} a second"));
        }
        var took = watch.Elapsed;
        var waited = await stage.Ask<double>(LongestWait);
        if (waited > Grace) faults.Add(string.Create(CultureInfo.InvariantCulture, $"a payment waited {waited:0} s for its slot or its refund"));
        await Purchases.Calm(stage);
        faults.AddRange(await Judge(stage, post));
        Console.WriteLine(await Say(stage, course, post, seed, count, took, waited));
        foreach (var fault in faults) Console.WriteLine($"BROKEN {fault}");
        Console.WriteLine(faults.Count == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return faults.Count == 0 ? 0 : 1;
    }

    private static Fate FateOf(Random dice) => dice.Next(10) switch { 0 => Fate.GivenUp, 1 => Fate.ToldLate, 2 => Fate.Contested, _ => Fate.Paid };

    private static async Task Furnish(Stage stage, int providers, int customers)
    {
        await Market.Settle(stage, providers, customers);
        await Market.Open(stage, providers, minutes: 15);
        foreach (var (setting, value) in new[] { ("hold_minutes", HoldMinutes), ("max_open_holds", 50), ("max_open_holds_of_one", 50), ("max_lapsed_holds", 1000) }) await Market.Set(stage, "marketplace." + setting, value);
        await stage.Tell("create function foundation.put_off() returns trigger language plpgsql as $$ begin new.run_at := new.run_at + interval '30 days'; return new; end $$");
        await stage.Tell("create trigger put_off before insert on foundation.jobs for each row when (new.kind in ('send_mail', 'render_invoice')) execute function foundation.put_off()");
    }

    private static async Task<List<string>> Judge(Stage stage, PostOffice post)
    {
        var faults = new List<string>(await Oracle.Judge(stage));
        foreach (var (says, sql) in Laws)
            if (await stage.Ask<long>(sql) is > 0 and var times) faults.Add($"{says}: {times}");
        var (brought, twice, _) = post.Count;
        if (await stage.Ask<long>("select count(*) from money.webhooks") is var kept && kept != brought - twice) faults.Add($"{brought - twice} webhooks were brought, {kept} are kept");
        return faults;
    }

    private static readonly (string Says, string Sql)[] Laws =
    [
        ("two claims overlap", "select count(*) from marketplace.claims a join marketplace.claims b on a.resource = b.resource and a.during && b.during and a.booking_id < b.booking_id"),
        ("a booking is confirmed and its money went back", """
            select count(*) from marketplace.bookings b join money.orders o on o.id = b.order_id join money.payment_guards g on g.payment_id = o.paid_payment_id where b.state = 'confirmed' and g.refunded_minor > 0
            """),
        ("a booking is confirmed without its claim", "select count(*) from marketplace.bookings b left join marketplace.claims c on c.booking_id = b.id and c.state = 'booked' where b.state = 'confirmed' and c.booking_id is null"),
        ("a booking was confirmed twice, or never", """
            select abs(count(distinct subject_id) - (select count(*) from marketplace.bookings where confirmed_at is not null)) + count(*) - count(distinct subject_id) from foundation.audit where action = 'booking.confirmed'
            """),
        ("a webhook was of no use", "select count(*) from money.webhooks where state <> 'done' and type in ('checkout.session.completed', 'payment_intent.succeeded')"),
    ];

    // From the first word of the money to the decision, which is one transaction: the booking confirmed or the refund asked for.
    private const string LongestWait = """
        select coalesce(max(extract(epoch from done_at - received_at)), 0)::float8 from money.webhooks where type in ('checkout.session.completed', 'payment_intent.succeeded')
        """;

    private static async Task<string> Say(Stage stage, Course course, PostOffice post, int seed, int count, TimeSpan took, double waited)
    {
        var late = await stage.Ask<long>("select count(*) from marketplace.bookings where state = 'confirmed' and confirmed_at > hold_until");
        var back = await stage.Ask<long>("select count(*) from money.refunds where state = 'completed'");
        var (brought, twice, refused) = post.Count;
        var tally = string.Join(", ", course.Tally.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Value} {t.Key}"));
        return string.Create(CultureInfo.InvariantCulture, $"""
            seed {seed}: {count} checkouts and those who wanted their slots: {tally}; {late} booked after their hold had expired, {back} given back since the slot was gone; {brought} webhooks brought, {twice} of them twice,
            {refused} not taken at first; longest wait for slot or refund {waited:0.0} s; {count / took.TotalSeconds:0} checkouts a second ({took.TotalSeconds:0} s)
            """).ReplaceLineEndings(" ");
    }
}
