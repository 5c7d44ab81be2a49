using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guildhall.Bench;

/// <summary>Free slots of 28 days for one provider with two bookings a day, over HTTP, one request at a time.</summary>
internal static class SlotsOfAMonth
{
    public static async Task Run(Machine machine)
    {
        await using var program = await Product.Start(machine);
        await Product.Seed(machine);
        using var http = new HttpClient { BaseAddress = program.Address };
        var services = await http.GetFromJsonAsync<JsonElement>("/api/v1/services");
        var service = services.GetProperty("items").EnumerateArray().First().GetProperty("id").GetString();
        // Claims without their bookings: only the time they take matters here.
        await machine.Sql("""
            set session_replication_role = replica;
            insert into marketplace.claims (booking_id, resource, during, state)
            select gen_random_uuid(), p.id, tstzrange(d + interval '8 hours', d + interval '9 hours'), 'booked'
            from marketplace.providers p, generate_series(date_trunc('day', now()), date_trunc('day', now()) + interval '28 days', interval '12 hours') d
            """);
        var from = DateTimeOffset.UtcNow.AddDays(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var times = new List<double>();
        for (var i = 0; i < 600; i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await http.GetAsync($"/api/v1/services/{service}/slots?from={from}&days=28&zone=Asia/Kuwait");
            answer.EnsureSuccessStatusCode();
            if (i >= 100) times.Add(watch.Elapsed.TotalMilliseconds);
        }
        times.Sort();
        machine.Row("slots of 28 days, one provider", $"p50 {times[times.Count / 2]:0.0} ms, p95 {times[(int)(times.Count * 0.95)]:0.0} ms", "", "", "p95 ≤ 20 ms", "two queries and time-zone arithmetic");
    }
}
