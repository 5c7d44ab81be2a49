using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Guildhall.Drills;

/// <summary>As many payments as asked for, a report of them in Stripe's columns, and the time from the first byte of the upload until every row is matched,
/// explained or open and the totals tie.</summary>
internal static class Reconciliation
{
    public const string Help = """
        Usage: ./drill reconciliation [--short] [--seed N] [--rows N] [--kill]
        A report of 1,000,000 rows in Stripe's columns about as many payments, given to the product over HTTP: at most 60 seconds until it is matched and its
        fees are booked. Among the rows are extra, doubled, dearer and other amounts, and payments that no row tells of; each must be told apart, the rows must
        add up to the report, and a second upload must match nothing twice. --kill ends the nodes with kill -9 in the middle (then the time is not judged).
        """;

    private const int Every = 1000; // of each kind of odd row
    private const int LimitSeconds = 60;

    private sealed record Odd(int Extra, int Doubled, int Dearer, int Other, int Missing);

    public static async Task<int> Run(int rows, int seed, bool kill)
    {
        await using var stage = await Stage.Set(new Plan(0, kill ? 1 : 0, 0, seed));
        var faults = new List<string>();
        Console.WriteLine($"writing {rows} payments");
        await Seed(stage, rows);
        var file = Path.GetTempFileName();
        try
        {
            var odd = await Write(stage, file, seed);
            using var http = await SignedIn(stage);
            var watch = Stopwatch.StartNew();
            var run = await Upload(http, file);
            var uploaded = watch.Elapsed;
            if (kill) await Kill(stage, run);
            await Done(stage, run);
            var took = watch.Elapsed;
            await Judge(stage, run, rows, odd, faults);
            var again = await Upload(http, file);
            if (again != run) faults.Add("the same file began another run");
            var size = new FileInfo(file).Length / (1024 * 1024);
            Console.WriteLine($"seed {seed}: {rows} rows, {size} MB: {Seconds(took)} s from the first byte to the last row, of these {Seconds(uploaded)} s for the upload{(kill ? ", with both nodes killed on the way" : "")}");
            if (!kill && took.TotalSeconds > LimitSeconds) faults.Add($"longer than {LimitSeconds} s");
        }
        finally { File.Delete(file); }
        foreach (var fault in faults) Console.WriteLine($"BROKEN {fault}");
        Console.WriteLine(faults.Count == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return faults.Count == 0 ? 0 : 1;
    }

    // Written as the product would have: orders that are paid, payments that are captured, their guards, with ids in the order of their time (UUIDv7).
    // Times are of the last day.
    private static async Task Seed(Stage stage, int rows)
    {
        const string sql = """
            insert into money.gateway_fee_rules (gateway, currency, basis_points, fixed_minor, from_at, set_by, set_at)
                values ('stripe', 'USD', 290, 30, '2020-01-01', gen_random_uuid(), '2020-01-01');
            create function public.drill_id(p_n int) returns uuid language sql as $$
                select (lpad(to_hex((extract(epoch from now() - interval '1 day') * 1000)::bigint + p_n), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid $$;
            create table public.drill_ids as select n, public.drill_id(n) as order_id, public.drill_id(n) as payment_id, 1000 + (n::bigint * 7919) % 90000 as minor from generate_series(1, {0}) n;
            insert into money.orders (id, customer_id, provider_id, purpose, subject_id, currency, total_minor, fee_minor, state, paid_payment_id, paid_at, released_at, expires_at, created_at)
                select order_id, gen_random_uuid(), gen_random_uuid(), 'drill', gen_random_uuid(), 'USD', minor, 0, 'paid', payment_id, now() - interval '1 day', now(), now(), now() - interval '1 day'
                from public.drill_ids;
            insert into money.payments (id, order_id, gateway, attempt, state, currency, amount_minor, step_minor, gateway_ref, gateway_payment, created_at, captured_at, changed_at)
                select payment_id, order_id, 'stripe', 1, 'captured', 'USD', minor, 1, 'cs_drill_' || n, 'pi_drill_' || n, now() - interval '1 day', now() - interval '1 day' + n * interval '1 millisecond', now()
                from public.drill_ids;
            insert into money.payment_guards (payment_id, authorized_minor, captured_minor) select payment_id, minor, minor from public.drill_ids;
            analyze money.payments; analyze money.payment_guards; analyze money.orders;
            """;
        await using var command = stage.Superuser.CreateCommand(string.Format(CultureInfo.InvariantCulture, sql, rows));
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<Odd> Write(Stage stage, string file, int seed)
    {
        var (chance, odd) = (new Random(seed), new Odd(0, 0, 0, 0, 0));
        await using var text = new StreamWriter(file, append: false, new UTF8Encoding(false), 1 << 20);
        await text.WriteLineAsync("balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,description,payment_intent_id,payment_metadata[payment_id]");
        await using var command = stage.Superuser.CreateCommand("select d.n, d.minor, p.captured_at from public.drill_ids d join money.payments p on p.id = d.payment_id order by d.n");
        command.CommandTimeout = 600;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var (n, minor, at) = (reader.GetInt32(0), reader.GetInt64(1), reader.GetDateTime(2));
            var fee = ((minor * 290) + 5000) / 10000 + 30;
            var kind = n > 1 && chance.Next(Every) is var drawn and < 5 ? drawn : -1;
            if (kind == 4) { odd = odd with { Missing = odd.Missing + 1 }; continue; }
            if (kind == 2) { fee++; odd = odd with { Dearer = odd.Dearer + 1 }; }
            if (kind == 3) { minor += 1; fee = ((minor * 290) + 5000) / 10000 + 30; odd = odd with { Other = odd.Other + 1 }; }
            await text.WriteLineAsync(Row($"txn_{n}", at, minor, fee, $"pi_drill_{n}", n));
            if (kind == 0) { await text.WriteLineAsync(Row($"txn_extra_{n}", at, minor, fee, $"pi_other_{n}", n)); odd = odd with { Extra = odd.Extra + 1 }; }
            if (kind == 1) { await text.WriteLineAsync(Row($"txn_{n}", at, minor, fee, $"pi_drill_{n}", n)); odd = odd with { Doubled = odd.Doubled + 1 }; }
        }
        // The report covers two days more than its payments: what is missing is not merely late.
        await text.WriteLineAsync($"txn_end,{DateTime.UtcNow.AddDays(2):yyyy-MM-dd HH:mm:ss},,usd,0.00,0.00,0.00,other_adjustment,,end of report,,");
        return odd;
    }

    private static string Row(string id, DateTime at, long minor, long fee, string intent, int n) => string.Create(CultureInfo.InvariantCulture,
        $"{id},{at:yyyy-MM-dd HH:mm:ss.ffffff},{at.AddDays(2):yyyy-MM-dd HH:mm:ss},usd,{Money(minor)},{Money(fee)},{Money(minor - fee)},charge,ch_drill_{n},\"Session no. {n}, online\",{intent},");

    private static string Money(long minor) => string.Create(CultureInfo.InvariantCulture, $"{minor / 100}.{minor % 100:00}");

    private static async Task<HttpClient> SignedIn(Stage stage)
    {
        var http = new HttpClient { BaseAddress = stage.Nodes[0], Timeout = TimeSpan.FromMinutes(5) };
        using var answer = await http.PostAsJsonAsync("/api/v1/auth/sign-in", new { email = "admin@example.test", password = "guildhall-demo-2026" });
        var session = await answer.Content.ReadFromJsonAsync<JsonElement>();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.GetProperty("accessToken").GetString());
        return http;
    }

    private static async Task<Guid> Upload(HttpClient http, string file)
    {
        await using var stream = File.OpenRead(file);
        using var answer = await http.PostAsync("/api/v1/admin/reconciliation/reports?source=stripe&format=stripe_csv&name=drill", new StreamContent(stream, 1 << 20));
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The upload was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        var text = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        return IdOf(text);
    }

    // Crockford base 32 behind the prefix.
    private static Guid IdOf(string text)
    {
        UInt128 number = 0;
        foreach (var c in text.AsSpan(4)) number = (number << 5) | (uint)"0123456789abcdefghjkmnpqrstvwxyz".IndexOf(c, StringComparison.Ordinal);
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new Guid(bytes, bigEndian: true);
    }

    private static async Task Kill(Stage stage, Guid run)
    {
        while (await stage.Ask<int>($"select done_rows from money.reconciliations where id = '{run}'") == 0) await Task.Delay(50);
        stage.KillAndRestart(0);
        stage.KillAndRestart(1);
    }

    private static async Task Done(Stage stage, Guid run)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromMinutes(10); await Task.Delay(50))
        {
            var state = await stage.Ask<string>($"select state from money.reconciliations where id = '{run}'");
            if (state is "done") return;
            if (state is "lost" or "discarded") throw new InvalidOperationException($"The run is {state}.");
        }
        throw new TimeoutException("The run was not done within ten minutes.");
    }

    private static async Task Judge(Stage stage, Guid run, int rows, Odd odd, List<string> faults)
    {
        async Task Must(string what, long expected, string sql)
        {
            var found = await stage.Ask<long>(sql);
            if (found != expected) faults.Add($"{what}: {found}, expected {expected}");
        }
        var exceptions = $"select count(*) from money.reconciliation_exceptions where reconciliation_id = '{run}' and state = 'open' and class = ";
        await Must("extra rows", odd.Extra + 1, exceptions + "'missing_here'"); // and the one that ends the report
        await Must("doubled rows", odd.Doubled, exceptions + "'duplicate'");
        await Must("dearer rows", odd.Dearer, exceptions + "'changed_fee'");
        await Must("other amounts", odd.Other, exceptions + "'different_amount'");
        await Must("missing rows", odd.Missing, exceptions + "'missing_there'");
        await Must("matched rows", rows - odd.Missing - odd.Dearer - odd.Other, $"select count(*) from money.report_lines where reconciliation_id = '{run}' and state = 'matched'");
        await Must("rows that are two", 0, "select count(*) from (select 1 from money.report_lines where subject_id is not null group by subject_id, subject_kind having count(*) > 1) d");
        await Must("rows of the totals less rows of the report", 0, $"""
            select (sum(t.rows) - (select sum(c.rows) from money.reconciliation_currencies c where c.reconciliation_id = '{run}'))::bigint from money.reconciliation_totals t where t.reconciliation_id = '{run}'
            """);
        await Must("net of the totals less net of the report", 0, $"""
            select (sum(t.net_minor) - (select sum(c.net_minor) from money.reconciliation_currencies c where c.reconciliation_id = '{run}'))::bigint from money.reconciliation_totals t where t.reconciliation_id = '{run}'
            """);
        await Must("fees booked less fees of rows that are ours", 0, """
            select (select coalesce(sum(e.minor), 0) from money.entries e join money.accounts a on a.id = e.account_id where a.kind in ('gateway_fees', 'fee_variance'))::bigint
                - (select coalesce(sum(fee_minor), 0) from money.report_lines where subject_id is not null)::bigint
            """);
        await Must("variance less what is dearer", 0, $"select (select coalesce(sum(e.minor), 0) from money.entries e join money.accounts a on a.id = e.account_id where a.kind = 'fee_variance')::bigint - {odd.Dearer}");
        await Must("staged rows left", 0, "select count(*) from money.report_staged");
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
