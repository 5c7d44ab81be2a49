using System.Diagnostics;
using Guildhall.Foundation.Data;
using Guildhall.Identity.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Bench;

/// <summary>The staff's page of sessions with a million of them, twenty thousand open: each filter alone, some together, and a page deep in the list.</summary>
internal static class AdminSessions
{
    private const int Many = 1_000_000, Asked = 40;

    public static async Task Run(Machine machine)
    {
        await Fill(machine);
        await using var product = Product.Build(machine);
        var database = product.Services.GetRequiredService<Database>();
        var somebody = await machine.Ask<string>("select email from identity.accounts order by id offset 777 limit 1");
        (string What, ListAllSessions.Filter Filter)[] questions =
        [
            ("no filter", new()), ("living", new(State: "living")), ("ended", new(State: "ended")), ("one person", new(Person: somebody)), ("a country", new(Country: "KW")),
            ("a rare country", new(Country: "QZ")), ("a country that never was", new(Country: "XX")), ("phones", new(DeviceType: "phone")), ("tablets, living", new(DeviceType: "tablet", State: "living")),
            ("programs in a country", new(DeviceType: "program", Country: "KW")), ("bearer", new(Kind: "bearer")), ("an address", new(Address: "10.1.2.3")), ("a /24", new(Address: "10.20.30.0/24")),
            ("a /16", new(Address: "10.20.0.0/16")), ("a /8", new(Address: "10.0.0.0/8")), ("living in a country from a network", new(State: "living", Country: "KW", Address: "10.20.0.0/16")),
        ];
        var slowest = 0.0;
        foreach (var (what, filter) in questions)
        {
            var times = await Times(() => ListAllSessions.Run(database, filter, null, 50, default));
            slowest = Math.Max(slowest, times[(int)(times.Count * 0.95)]);
            Console.WriteLine($"    {what}: p50 {times[times.Count / 2]:0.0} ms, p95 {times[(int)(times.Count * 0.95)]:0.0} ms");
        }
        var deep = await Deep(database);
        machine.Row("admin session page on 1,000,000 sessions, slowest filter", $"p95 {slowest:0.0} ms", $"the 100th page of all: p95 {deep:0.0} ms", "", "≤ 50 ms", "one index per filter; below HTTP");
        var stats = await Times(() => ReadAllSessionStats.Run(database, default));
        machine.Row("statistics of 1,000,000 sessions, 20,000 open", $"p50 {stats[stats.Count / 2]:0.0} ms, p95 {stats[(int)(stats.Count * 0.95)]:0.0} ms", "", "", "stated", "living ones are counted, the rest are counters");
    }

    private static async Task<double> Deep(Database database)
    {
        string? after = null;
        for (var page = 0; page < 100; page++) after = (await ListAllSessions.Run(database, new(), after, 50, default)).Is(out var found, out _) ? found.Next : null;
        var times = await Times(() => ListAllSessions.Run(database, new(), after, 50, default));
        return times[(int)(times.Count * 0.95)];
    }

    private static async Task<List<double>> Times(Func<Task> ask)
    {
        var times = new List<double>();
        for (var i = 0; i < Asked + 5; i++)
        {
            var watch = Stopwatch.StartNew();
            await ask();
            if (i >= 5) times.Add(watch.Elapsed.TotalMilliseconds);
        }
        times.Sort();
        return times;
    }

    private static async Task Fill(Machine machine)
    {
        await machine.Sql("""
            insert into identity.accounts (id, email, email_key, display_name, language, zone, state, password_hash, epoch, created_at, changed_at, email_verified_at)
            select gen_random_uuid(), 'p' || n || '@example.test', 'p' || n || '@example.test', 'Person ' || n, 'en', 'UTC', 'active', 'none', 1, now(), now(), now() from generate_series(1, 50000) n
            """);
        await machine.Sql($"""
            insert into identity.sessions (id, account_id, kind, epoch, cookie_hash, created_at, last_active, expires_at, user_agent, address, ended_at, ended_why, device_type, country, city)
            select gen_random_uuid(), p.id, case when n % 50 = 0 then 'bearer' else 'cookie' end, 1, case when n % 50 = 0 then null else sha256(n::text::bytea) end,
                t.at, t.at + interval '20 minutes', t.at + interval '24 hours',
                'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36', ('10.' || (n * 7 % 256) || '.' || (n * 13 % 256) || '.' || (n % 256))::inet,
                case when n > 20000 then t.at + interval '30 minutes' end, case when n > 20000 then 'signed_out' end,
                (array['phone', 'phone', 'phone', 'computer', 'computer', 'computer', 'computer', 'tablet', 'program', 'unknown'])[1 + n * 31 % 10],
                case when n % 10000 = 0 then 'QZ' else (array['KW', 'AE', 'SA', 'IN', 'EG', 'QA', 'BH', 'OM', 'US', 'GB'])[1 + n * 17 % 10] end, 'Kuwait City'
            from generate_series(1, {Many}) n
            join lateral (select now() - interval '30 minutes' - n * interval '0.08 seconds' - case when n > 20000 then n * interval '2.5 seconds' else interval '0' end as at) t on true
            join (select id, row_number() over (order by id) as nr from identity.accounts where email like 'p%') p on p.nr = 1 + n * 7919::bigint % 50000
            """);
        await machine.Sql("vacuum analyze identity.sessions");
        await machine.Sql("vacuum analyze identity.accounts");
    }
}
