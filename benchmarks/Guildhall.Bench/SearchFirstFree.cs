using System.Diagnostics;
using System.Text.Json;

namespace Guildhall.Bench;

/// <summary>The first page of services by their first free time among 500 providers with two services each and their days of the next four weeks half to wholly booked,
/// over HTTP, one request at a time; and the same by words.</summary>
internal static class SearchFirstFree
{
    private const int Providers = 500, Warm = 20, Counted = 100;

    public static async Task Run(Machine machine)
    {
        await using var program = await Product.Start(machine);
        await machine.Sql(Many);
        using var http = new HttpClient { BaseAddress = program.Address };
        await Measure(machine, http, $"first free among {Providers} providers", "/api/v1/services/search?sort=first_free", "p95 < 250 ms", "time-zone arithmetic for every service");
        await Measure(machine, http, "services by two words", "/api/v1/services/search?q=repair%20quick", "", "one index");
    }

    private static async Task Measure(Machine machine, HttpClient http, string what, string path, string goal, string limit)
    {
        var times = new List<double>();
        for (var i = 0; i < Warm + Counted; i++)
        {
            var watch = Stopwatch.StartNew();
            var page = JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync(path));
            if (i >= Warm) times.Add(watch.Elapsed.TotalMilliseconds);
            if (page.GetProperty("items").GetArrayLength() != 24) throw new InvalidOperationException($"{path} answered {page}");
        }
        times.Sort();
        machine.Row(what, $"p50 {times[times.Count / 2]:0.0} ms, p95 {times[(int)(times.Count * 0.95)]:0.0} ms", "", "", goal, limit);
    }

    // Claims without their bookings: only the time they take matters here. Every tenth provider is full for a week.
    private static readonly string Many = $"""
        insert into marketplace.providers (id, account_id, display_name, headline, bio, kind, zone, languages, created_at)
        select gen_random_uuid(), gen_random_uuid(), 'Provider ' || n, 'Repairs', '', 'technician', (array['Asia/Kuwait', 'Europe/Dublin', 'America/New_York', 'Asia/Kolkata'])[1 + n % 4], '{"{en}"}', now()
        from generate_series(1, {Providers}) n;
        insert into marketplace.services (id, provider_id, name, description, kind, minutes, buffer_minutes, price_minor, currency, notice_minutes, horizon_days, created_at)
        select gen_random_uuid(), p.id, case when k = 1 then 'Quick repair' else 'Long repair' end, 'At yours.', 'visit', 45 * k, 15, 10000 * k, 'KWD', 120, 60, now() from marketplace.providers p, generate_series(1, 2) k;
        insert into marketplace.weekly_hours (provider_id, weekday, from_minute, until_minute)
        select p.id, d, f, f + 240 from marketplace.providers p, generate_series(1, 7) d, unnest(array[480, 780]) f;
        set session_replication_role = replica;
        insert into marketplace.claims (booking_id, resource, during, state)
        select gen_random_uuid(), p.id, tstzrange(h, h + interval '1 hour'), 'booked'
        from (select id, row_number() over (order by id) as n from marketplace.providers) p,
            generate_series(date_trunc('hour', now()), date_trunc('hour', now()) + interval '28 days', interval '1 hour') h
        where p.n % 10 = 0 and h < now() + interval '7 days' or extract(hour from h)::int % 3 = p.n % 3;
        analyze marketplace.claims;
        """;
}
