using System.Diagnostics;
using System.Globalization;
using Guildhall.Marketplace;

namespace Guildhall.Drills;

/// <summary>Bookings whose reminders fall due one after the other, two nodes that send them, and kill -9 of one of them every few seconds.</summary>
internal static class Reminders
{
    public const string Help = """
        Usage: ./drill reminders [--short] [--seed N] [--bookings N] [--seconds N] [--kill-every SECONDS]
        50,000 bookings, half of them a day ahead and half of them two hours: 100,000 reminders to as many people fall due within the given time (900 s) while one of
        two nodes is killed with kill -9 every 5 seconds (--short: 300 bookings within 10 s). Afterwards nobody was written to twice, every reminder is decided, and who got no mail has a delivery
        that says it is not known whether it arrived. How late the reminders were decided is told.
        """;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24), Soon = TimeSpan.FromHours(2);

    public static async Task<int> Run(int bookings, int seconds, int killEvery, int seed, bool hurries)
    {
        await using var mails = new MailCounter();
        await using var stage = await Stage.Set(new Plan(0, seconds / killEvery, 0, seed), (_, _, _) => new Dictionary<string, string>(StringComparer.Ordinal) { ["GUILDHALL_SMTP"] = $"smtp://127.0.0.1:{mails.Port}" });
        var lead = TimeSpan.FromSeconds(5 + (bookings / 200));
        var first = DateTimeOffset.UtcNow + lead;
        await Furnish(stage, bookings, first, TimeSpan.FromSeconds(seconds));
        await Until(stage, "select not exists (select 1 from foundation.jobs where kind = 'plan_reminders')", lead * 3);
        var planned = await stage.Ask<long>("select count(*) from marketplace.reminders where state = 'planned'");
        Console.WriteLine($"{bookings} bookings, {planned} reminders planned, {Text((DateTimeOffset.UtcNow - first).TotalSeconds)} s after the first was due");

        var (kills, random) = (0, new Random(seed));
        var last = first.AddSeconds(seconds);
        while (DateTimeOffset.UtcNow < last)
        {
            await Task.Delay(TimeSpan.FromSeconds(killEvery * (0.8 + (0.4 * random.NextDouble()))));
            stage.KillAndRestart(kills++ % 2);
        }
        // Of the last killed a lease may have to run out; who is in a hurry does not wait for that minute once the living are done.
        if (hurries)
        {
            await Task.Delay(TimeSpan.FromSeconds(4));
            await stage.Tell("update foundation.jobs set lease_until = now() - interval '1 second' where state = 'running'");
        }
        await Until(stage, $"""
            select not exists (select 1 from marketplace.reminders where state = 'planned' and due_at <= '{last:O}') and not exists (select 1 from messaging.deliveries where state in ('queued', 'sending'))
            """, TimeSpan.FromSeconds(150));
        var faults = await Judge(stage, mails, last);
        Console.WriteLine(await Lateness(stage, last) + $"; {kills} kills, seed {seed}");
        foreach (var fault in faults) Console.WriteLine($"BROKEN {fault}");
        Console.WriteLine(faults.Count == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return faults.Count == 0 ? 0 : 1;
    }

    // People, providers and confirmed bookings as the product writes them; planning is its own.
    private static async Task Furnish(Stage stage, int count, DateTimeOffset first, TimeSpan within)
    {
        await stage.Tell("""
            insert into identity.accounts (id, email, email_key, display_name, language, zone, password_hash, state, created_at, email_verified_at, changed_at)
            select ('00000000-0000-7000-800' || k || '-' || lpad(to_hex(n), 12, '0'))::uuid, 'r' || k || '-' || n || '@example.test', 'r' || k || '-' || n || '@example.test', 'Layla Al-Sayed', 'en', 'Asia/Kuwait', '', 'active', now(), now(), now()
            from generate_series(1, 2) k, generate_series(1, $1) n
            """, count);
        await stage.Tell("""
            insert into messaging.recipients (person_id, email, display_name, language, zone, changed_at)
            select id, email, display_name, language, zone, now() from identity.accounts where id::text like '00000000-0000-7000-800%'
            """);
        await stage.Tell("""
            insert into marketplace.providers (id, account_id, display_name, headline, bio, kind, zone, languages, state, created_at)
            values ('00000000-0000-7000-8003-000000000001', '00000000-0000-7000-8003-000000000002', 'Omar Haddad', 'Adviser', '', 'advisor', 'Asia/Kuwait', '{en}', 'active', now())
            """);
        await stage.Tell("""
            insert into marketplace.services (id, provider_id, name, description, kind, minutes, buffer_minutes, price_minor, currency, notice_minutes, horizon_days, active, created_at)
            values ('00000000-0000-7000-8003-000000000003', '00000000-0000-7000-8003-000000000001', 'A quarter of an hour', 'One question.', 'consultation', 15, 0, 5000, 'KWD', 0, 60, true, now())
            """);
        var numbers = Enumerable.Range(1, count).ToArray();
        var ids = numbers.Select(_ => Guid.CreateVersion7()).ToArray();
        var starts = numbers.Select(n => first + (within * ((double)n / count)) + (n % 2 == 0 ? Day : Soon)).ToArray();
        await stage.Tell("""
            insert into marketplace.bookings (id, customer_id, provider_id, provider_account_id, service_id, service_name, kind, state, starts_at, ends_at, busy_until, zone, wall_time, price_minor, currency,
                order_id, hold_until, created_at, confirmed_at, policy_id)
            select b.id, ('00000000-0000-7000-8001-' || lpad(to_hex(b.n), 12, '0'))::uuid, '00000000-0000-7000-8003-000000000001', ('00000000-0000-7000-8002-' || lpad(to_hex(b.n), 12, '0'))::uuid,
                '00000000-0000-7000-8003-000000000003', 'A quarter of an hour', 'consultation', 'confirmed', b.at, b.at + interval '15 minutes', b.at + interval '15 minutes', 'Asia/Kuwait', b.at at time zone 'Asia/Kuwait',
                5000, 'KWD', gen_random_uuid(), now(), now(), now(), (select id from marketplace.cancellation_policies where service_id is null order by version desc limit 1)
            from unnest($1, $2, $3) as b(id, n, at)
            """, ids, numbers, starts);
        await stage.Tell("""
            insert into foundation.jobs (kind, payload, run_at, unique_key, created_at, max_attempts)
            select 'plan_reminders', jsonb_build_object('booking', b.id, 'revision', 1), now(), b.id || ':1', now(), 10 from unnest($1) as b(id)
            """, (object)ids.Select(id => BookingId.From(id).ToString()).ToArray());
    }

    private static async Task<List<string>> Judge(Stage stage, MailCounter mails, DateTimeOffset last)
    {
        var faults = new List<string>();
        if (await stage.Ask<long>($"select count(*) from marketplace.reminders where state = 'planned' and due_at <= '{last:O}'") is > 0 and var undecided) faults.Add($"{undecided} reminders were never decided");
        if (mails.Mails.Count(m => m.Value.Count > 1) is > 0 and var twice) faults.Add($"{twice} people were written to twice");
        if (await stage.Ask<long>("select count(*) from foundation.jobs where state = 'dead'") is > 0 and var dead) faults.Add($"{dead} jobs are dead");
        var (sent, unknown, silent) = (0, 0, 0);
        await using var command = stage.Superuser.CreateCommand("""
            select a.email, coalesce((select string_agg(d.state, ',') from messaging.deliveries d where d.person_id = r.person_id and d.channel = 'email'), 'none')
            from marketplace.reminders r join identity.accounts a on a.id = r.person_id where r.state = 'sent'
            """);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var (arrived, state) = (mails.Mails.ContainsKey(reader.GetString(0)), reader.GetString(1));
            sent++;
            if (state is "unknown") unknown++;
            else if (!arrived || state is not "sent") silent++;
        }
        if (silent > 0) faults.Add($"{silent} reminders count as sent and no mail came");
        Console.WriteLine($"{sent} reminders sent, {mails.Mails.Count} people got their mail, of {unknown} it is said that it is not known");
        return faults;
    }

    private static async Task<string> Lateness(Stage stage, DateTimeOffset last)
    {
        await using var command = stage.Superuser.CreateCommand($"""
            select percentile_cont(array[0.5, 0.99]) within group (order by extract(epoch from decided_at - due_at)), max(extract(epoch from decided_at - due_at))::float8
            from marketplace.reminders where due_at <= '{last:O}' and state = 'sent'
            """);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var at = reader.GetFieldValue<double[]>(0);
        return $"late by p50 {Text(at[0])} s, p99 {Text(at[1])} s, at most {Text(reader.GetDouble(1))} s";
    }

    private static async Task Until(Stage stage, string sql, TimeSpan atMost)
    {
        for (var watch = Stopwatch.StartNew(); !await stage.Ask<bool>(sql);)
        {
            if (watch.Elapsed > atMost) return; // the judge says what is missing
            await Task.Delay(250);
        }
    }

    private static string Text(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);
}
