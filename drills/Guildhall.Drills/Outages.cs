using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace Guildhall.Drills;

/// <summary>One outside party after the other dies, becomes slow, talks nonsense or does not take our key, while people book, pay and are told. Nobody may wait for it who books,
/// staff must see it within half a minute, and when it is well again everything goes on by itself.</summary>
internal static class Outages
{
    public const string Help = """
        Usage: ./drill outages [--short] [--seed N] [--seconds N]
        Four people book and pay on two nodes, while each of Stripe, the mail server, Twilio and ClamAV in turn is dead, answers after 30 seconds, answers nonsense, or does not take
        our key. Wanted: holding a slot takes less than 300 ms for 95 of 100, Integrations shows the trouble within 30 s of it, and within two minutes of its end everything is well
        and paid by itself. Afterwards the books and the bookings are as they must be.
        """;

    private const string Staff = "admin@example.test", StaffPassword = "guildhall-demo-2026";

    private sealed record Party(string Name, Line Line, Outage[] Outages, bool IsTold);

    private sealed class Tally
    {
        public ConcurrentBag<double> Holds { get; } = [];
        public int Booked, Unpaid;
    }

    public static async Task<int> Run(int seconds, int seed, bool isShort)
    {
        var (watch, broken) = (Stopwatch.StartNew(), new List<string>());
        var lines = new Dictionary<string, Line>(StringComparer.Ordinal);
        await using var stage = await Stage.Set(new Plan(0, 0, 4, seed), (http, smtp, clamd) =>
        {
            (lines["stripe"], lines["twilio"], lines["smtp"], lines["clamav"]) = (new Line(http, true), new Line(http, true), new Line(smtp, false), new Line(clamd, false));
            return new(StringComparer.Ordinal)
            {
                ["GUILDHALL_STRIPE_API"] = $"http://127.0.0.1:{lines["stripe"].Port}", ["GUILDHALL_SMTP"] = $"smtp://127.0.0.1:{lines["smtp"].Port}", ["GUILDHALL_CLAMAV"] = $"tcp://127.0.0.1:{lines["clamav"].Port}",
                ["GUILDHALL_TWILIO_API"] = $"http://127.0.0.1:{lines["twilio"].Port}", ["GUILDHALL_TWILIO_SID"] = "AC00000000000000000000000000000000", ["GUILDHALL_TWILIO_TOKEN"] = "guildhall_sandbox_twilio_token", ["GUILDHALL_SMS_FROM"] = "+15005550006",
            };
        });
        Outage[] all = [Outage.Dead, Outage.Slow, Outage.Garbage, Outage.WrongKey];
        Party[] parties = isShort
            ? [new("stripe", lines["stripe"], [Outage.Dead], true)]
            : [new("stripe", lines["stripe"], all, true), new("smtp", lines["smtp"], all, true), new("twilio", lines["twilio"], all, false), new("clamav", lines["clamav"], all[..3], false)];
        var (buyers, services) = (await Purchases.Enlist(stage, 4), await Purchases.Services(stage));
        var staff = new Purchases.Buyer(Staff, StaffPassword);
        // The text message that tries Twilio goes to the phone of whoever asks for it.
        await stage.Superuser.CreateCommand($"update identity.accounts set phone = '+96550001234', phone_verified_at = now() where email = '{Staff}'").ExecuteNonQueryAsync();
        foreach (var party in parties)
            foreach (var outage in party.Outages)
                broken.AddRange(await Meet(stage, party, outage, buyers, services, staff, TimeSpan.FromSeconds(seconds), judges: !isShort));
        await Purchases.Calm(stage);
        broken.AddRange(await Oracle.Judge(stage));
        foreach (var line in lines.Values) await line.DisposeAsync();
        foreach (var what in broken) Console.WriteLine($"BROKEN {what}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}; {watch.Elapsed.TotalSeconds:0} s"));
        Console.WriteLine(broken.Count == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return broken.Count == 0 ? 0 : 1;
    }

    private static async Task<IReadOnlyList<string>> Meet(Stage stage, Party party, Outage outage, List<Purchases.Buyer> buyers, List<string> services, Purchases.Buyer staff, TimeSpan lasts, bool judges)
    {
        var (name, broken, tally) = ($"{party.Name} {outage}", new List<string>(), new Tally());
        party.Line.Becomes(outage);
        if (party.Name is "stripe") await stage.Faults(new { dropWebhooks = 100 }); // who is away tells nothing either
        using var over = new CancellationTokenSource();
        var (crowd, seen) = (buyers.Select((buyer, i) => Books(stage, buyer, services, i, tally, over.Token)).ToArray(), Stopwatch.StartNew());
        TimeSpan? shown = null;
        while (seen.Elapsed < lasts || shown is null && seen.Elapsed < TimeSpan.FromSeconds(45))
        {
            if (!party.IsTold) await Purchases.Send(stage, staff, HttpMethod.Post, $"/api/v1/integrations/{party.Name}/actions/test", null);
            if (shown is null && await IsIll(stage, party.Name, staff)) shown = seen.Elapsed;
            await Task.Delay(500);
        }
        party.Line.Becomes(Outage.None);
        await stage.Sandbox.PostAsync("/sandbox/faults/reset", null);
        var mended = Stopwatch.StartNew();
        TimeSpan? well = null;
        while (well is null && mended.Elapsed < TimeSpan.FromSeconds(120))
        {
            if (!party.IsTold) await Purchases.Send(stage, staff, HttpMethod.Post, $"/api/v1/integrations/{party.Name}/actions/test", null);
            if (!await IsIll(stage, party.Name, staff)) well = mended.Elapsed;
            else await Task.Delay(500);
        }
        await over.CancelAsync();
        await Task.WhenAll(crowd);
        double[] holds = [.. tally.Holds.Order()];
        var p95 = holds.Length == 0 ? double.NaN : holds[Math.Min(holds.Length - 1, holds.Length * 95 / 100)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-18} {holds.Length} holds, p95 {p95:0} ms; shown after {shown?.TotalSeconds:0.0} s, well again after {well?.TotalSeconds:0.0} s; {tally.Booked} booked, {tally.Unpaid} not paid meanwhile"));
        if (shown is null || shown > TimeSpan.FromSeconds(30)) broken.Add($"{name}: Integrations did not show it within 30 s");
        if (well is null) broken.Add($"{name}: it is not well two minutes after its end");
        if (judges && !(p95 < 300)) broken.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: holding a slot took {p95:0} ms for 95 of 100"));
        if (party.Name is not "stripe" && tally.Unpaid > 0) broken.Add($"{name}: {tally.Unpaid} could not pay because of it");
        return broken;
    }

    // Paid or not, it is given up again: nobody runs into the limit of holds, and no time runs out.
    private static async Task Books(Stage stage, Purchases.Buyer buyer, List<string> services, int number, Tally tally, CancellationToken over)
    {
        for (var turn = 0; !over.IsCancellationRequested; turn++)
        {
            var service = services[(number + turn) % services.Count];
            var slots = await Purchases.Slots(stage, buyer, service);
            if (slots.Count == 0) continue;
            var start = slots[(turn * 4 + number) % slots.Count];
            var watch = Stopwatch.StartNew();
            var held = await Purchases.Send(stage, buyer, HttpMethod.Post, "/api/v1/bookings", new { serviceId = service, start });
            if (held.Status is not HttpStatusCode.Created) { await Task.Delay(200, CancellationToken.None); continue; }
            tally.Holds.Add(watch.Elapsed.TotalMilliseconds);
            var payment = await Purchases.Send(stage, buyer, HttpMethod.Post, $"/api/v1/orders/{held.Body.GetProperty("orderId").GetString()}/payments", new { }, patient: false);
            if (payment.Status is HttpStatusCode.Created && payment.Body.GetProperty("redirectUrl").GetString() is { } page)
            {
                using var paid = await stage.Sandbox.PostAsJsonAsync($"/sandbox/stripe/checkout_sessions/{new Uri(page).Segments[^1]}/pay", new { outcome = "success" }, CancellationToken.None);
                Interlocked.Increment(ref tally.Booked);
            }
            else Interlocked.Increment(ref tally.Unpaid);
            await Task.Delay(300, CancellationToken.None);
            await Purchases.Send(stage, buyer, HttpMethod.Post, $"/api/v1/bookings/{held.Body.GetProperty("id").GetString()}/actions/cancel", new { });
        }
    }

    // Each node sees its own calls, and requests alternate between them.
    private static async Task<bool> IsIll(Stage stage, string name, Purchases.Buyer staff)
    {
        var says = new List<string>();
        for (var node = 0; node < 2; node++)
        {
            var all = (await Purchases.Send(stage, staff, HttpMethod.Get, "/api/v1/integrations/status", null)).Body;
            says.Add(all.EnumerateArray().Single(i => i.GetProperty("name").GetString() == name).GetProperty("state").GetString()!);
        }
        return says.Exists(state => state is "degraded" or "down");
    }
}
