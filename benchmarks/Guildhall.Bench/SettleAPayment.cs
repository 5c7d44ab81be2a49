using System.Collections.Concurrent;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Bench;

/// <summary>How many payments are settled per second: the whole of SettlePayment in its one transaction (lock, compare-and-set, order, guard, journal through
/// post_journal, timeline, audit, outgoing events, the jobs of invoice and receipt), against pgbench running the least SQL of a captured payment with the same
/// zero-sum check. Of an order that nothing is behind, and of a booked slot: then the same commit confirms the booking, keeps its time, opens the chat and tells
/// both sides; the least SQL of that writes the same five things. Jobs run elsewhere and are not waited for.</summary>
internal static class SettleAPayment
{
    private const int Prepared = 60_000, Providers = 400, Customers = 2_000;

    public static async Task Run(Machine machine)
    {
        var (plain, booked, limit, limitBooked) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        await using var app = Product.Build(machine);
        var database = app.Services.GetRequiredService<Database>();
        await Books.Fresh(machine, journals: 10_000);
        for (var repetition = 0; repetition < Load.Repetitions; repetition++)
        {
            plain.Add(await Settle(machine, database, isBooked: false));
            limit.Add(await Load.Limit(machine, "settle"));
            booked.Add(await Settle(machine, database, isBooked: true));
            limitBooked.Add(await Load.Limit(machine, "settle-booking"));
            await Books.Check(machine);
        }
        const string Disk = "the flush to disk at each commit, which both wait for, then CPU";
        machine.Row($"settle a payment, {Load.Clients} clients", plain, "least SQL of a captured payment with the same zero-sum check, statement by statement", limit, "≥ 0.75", Disk);
        machine.Row($"settle the payment of a booked slot, {Load.Clients} clients", booked, "the same with the least SQL of the booking in it: confirmed, time kept, chat, two notices, two mails", limitBooked, "≥ 0.75", Disk);
        machine.Row($"settle the payment of a booked slot, {Load.Clients} clients", booked, "least SQL of a captured payment alone", limit, "", "it does all of the above besides");
    }

    internal static async Task<double> Settle(Machine machine, Database database, bool isBooked)
    {
        await Prepare(machine, isBooked);
        var (source, amount) = (Caller.Gateway("stripe"), new Amount(12_500, Currency.Of("KWD")));
        // In the order in which they were made, as webhooks come. One after the other belongs to another provider: whoever settles for one waits for the others of that one.
        var ids = new ConcurrentQueue<PaymentId>(await database.List<PaymentId>(
            "select p.id from money.payments p join money.orders o on o.id = p.order_id where p.state = 'requires_action' and (o.purpose = 'booking') = @isBooked order by p.id limit 1000000", new { isBooked }));
        var rate = await Load.Ours(async _ =>
        {
            if (!ids.TryDequeue(out var id)) return false;
            var settled = await database.InTransaction(tx => SettlePayment.Run(tx, source, new PaymentFact(id, FactState.Captured, amount, $"pi_{id}")));
            return settled.OrThrow() == PaymentState.Captured;
        });
        if (await machine.Ask<bool>(NotWhole)) throw new InvalidOperationException("A payment was captured and its order is not paid, not booked in the books, or its booking is not confirmed.");
        return rate;
    }

    // Nothing is emptied but the queue: a plan made for an emptied table reads all of it, and would be kept while it grows.
    private static async Task Prepare(Machine machine, bool isBooked)
    {
        await machine.Sql("truncate foundation.jobs");
        await machine.Sql(Ids + (isBooked ? Booked : Plain) + Orders + (isBooked ? Bookings : ""));
        await machine.Sql("vacuum analyze money.orders, money.payments, money.payment_guards, marketplace.bookings, marketplace.claims, marketplace.providers, identity.accounts");
        await machine.Sql("checkpoint");
    }

    private const string NotWhole = """
        select exists (
            select 1 from money.payments p join money.orders o on o.id = p.order_id
                left join marketplace.bookings b on b.order_id = o.id left join marketplace.chats c on c.booking_id = b.id
            where p.state = 'captured' and (o.state <> 'paid' or not exists (select 1 from money.journals j where j.order_id = o.id)
                or o.purpose = 'booking' and (b.state is distinct from 'confirmed' or c.id is null)))
        """;

    // Ids as the product makes them (version 7, in the order of their time), a millisecond from one to the next.
    private const string Ids = """
        create function pg_temp.made(n bigint) returns uuid language sql volatile as $$
            select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint + n), 12, '0') || '7' || substr(h, 2, 3) || '8' || substr(h, 5, 15))::uuid from md5(random()::text || n) h $$;

        """;

    private static readonly string Plain = $"""
        create temporary table sale as
            select n, pg_temp.made(n) as id, gen_random_uuid() as customer, gen_random_uuid() as provider, pg_temp.made(n) as subject, 'bench' as purpose from generate_series(1, {Prepared}) n;

        """;

    private const string Orders = """
        insert into money.orders (id, customer_id, provider_id, purpose, subject_id, currency, total_minor, fee_rule, fee_minor, expires_at, created_at)
            select id, customer, provider, purpose, subject, 'KWD', 12500, jsonb_build_object('basisPoints', 1500), 1875, now() + interval '1 hour', now() from sale order by n;
        insert into money.payments (id, order_id, gateway, attempt, state, currency, amount_minor, step_minor, gateway_ref, created_at, changed_at)
            select pg_temp.made(n), id, 'stripe', 1, 'requires_action', 'KWD', 12500, 10, 'cs_' || id, now(), now() from sale order by n;
        insert into money.payment_guards (payment_id) select p.id from money.payments p join sale s on s.id = p.order_id;

        """;

    private static readonly string Booked = $"""
        create temporary table person as select gen_random_uuid() as id, n - 1 as no from generate_series(1, {Providers + Customers}) n;
        insert into identity.accounts (id, email, email_key, display_name, language, zone, password_hash, state, created_at, email_verified_at, changed_at)
            select id, id || '@bench.test', id || '@bench.test', 'Person ' || no, 'en', 'Asia/Kuwait', '-', 'active', now(), now(), now() from person;
        insert into marketplace.providers (id, account_id, display_name, headline, bio, kind, zone, languages, created_at)
            select gen_random_uuid(), id, 'Provider ' || no, 'Bench', '', 'advisor', 'Asia/Kuwait', array['en'], now() from person where no < {Providers};
        insert into marketplace.services (id, provider_id, name, description, kind, minutes, buffer_minutes, price_minor, currency, notice_minutes, horizon_days, created_at)
            select gen_random_uuid(), p.id, 'Advice', 'An hour', 'consultation', 60, 0, 12500, 'KWD', 0, 365, now() from marketplace.providers p join person x on x.id = p.account_id;
        create temporary table seller as select s.id as service, s.provider_id, p.account_id, x.no
            from marketplace.services s join marketplace.providers p on p.id = s.provider_id join person x on x.id = p.account_id;
        create temporary table sale as select n, pg_temp.made(n) as id, c.id as customer, s.account_id as provider, pg_temp.made(n) as subject, 'booking' as purpose, s.service, s.provider_id as resource,
                date_trunc('hour', now()) + interval '1 day' + interval '1 hour' * (n / {Providers}) as starts
            from generate_series(0, {Prepared - 1}) n join seller s on s.no = n % {Providers} join person c on c.no = {Providers} + n % {Customers};

        """;

    private const string Bookings = """
        insert into marketplace.bookings (id, customer_id, provider_id, provider_account_id, service_id, service_name, kind, state, starts_at, ends_at, busy_until, zone, wall_time,
                price_minor, currency, order_id, hold_until, created_at, policy_id)
            select subject, customer, resource, provider, service, 'Advice', 'consultation', 'held', starts, starts + interval '1 hour', starts + interval '1 hour', 'Asia/Kuwait',
                starts at time zone 'Asia/Kuwait', 12500, 'KWD', id, now() + interval '1 hour', now(), (select id from marketplace.cancellation_policies where service_id is null) from sale;
        insert into marketplace.claims (booking_id, resource, during, state, hold_until)
            select subject, resource, tstzrange(starts, starts + interval '1 hour'), 'held', now() + interval '1 hour' from sale;
        """;
}
