using Guildhall.Operations;

namespace Guildhall.Tests.Operations.Metrics;

[Covers("O-3")]
public sealed class ServeMetricsTests(MetricsWorld world) : IClassFixture<MetricsWorld>
{
    [Fact]
    public async Task Nobody_reads_the_figures_without_the_token()
    {
        (await world.Visitor().Get("/metrics")).MustRefuse(OperationsRefusals.MetricsToken);
        (await world.Visitor().Send(HttpMethod.Get, "/metrics", null, ("Authorization", "Bearer " + new string('0', 32)))).MustRefuse(OperationsRefusals.MetricsToken);
        (await world.Visitor().Send(HttpMethod.Get, "/metrics/x", null, ("Authorization", "Bearer " + MetricsWorld.Token))).Status.ShouldNotBe(200);
    }

    [Fact]
    public async Task Requests_are_counted_by_the_pattern_of_their_route_and_never_by_what_stands_in_the_address()
    {
        const string Series = "http_server_request_duration_seconds_count{http_request_method=\"GET\",http_route=\"/api/v1/services/{id}\",http_response_status_code=\"404\"}";
        var before = await world.Reads(Series) ?? 0;
        var secret = Id.Format("srv", Guid.CreateVersion7());
        (await world.Visitor().Get("services/" + secret)).Must(404);
        await Eventually.Get(() => world.Reads(Series), n => n == before + 1, "The request is not counted");
        (await world.Scrape()).ShouldNotContain(secret);
    }

    [Fact]
    public async Task A_payment_is_counted_for_its_gateway_with_its_jobs_and_the_calls_that_it_took()
    {
        const string Captured = "guildhall_payments_total{gateway=\"stripe\",outcome=\"captured\"}", Declined = "guildhall_payments_total{gateway=\"stripe\",outcome=\"declined\"}";
        (await world.Reads(Captured)).ShouldBe(0); // it begins at zero, so that the first one is a rise
        var (seller, customer) = (await world.Provider(), await world.Customer());
        await customer.BooksAndPays(seller);
        await Eventually.Get(() => world.Reads(Captured), n => n == 1, "The payment is not counted");
        await customer.Pays(await customer.Books(seller), "decline");
        await Eventually.Get(() => world.Reads(Declined), n => n >= 1, "The refusal is not counted");
        (await world.Reads("guildhall_webhooks_received_total{gateway=\"stripe\",proof=\"proven\"}")).ShouldNotBeNull().ShouldBeGreaterThan(0);
        (await world.Reads("guildhall_gateway_call_duration_seconds_count{gateway=\"stripe\",answered=\"true\"}")).ShouldNotBeNull().ShouldBeGreaterThan(0);
        (await world.Reads("guildhall_jobs_run_total{kind=\"process_webhook\",outcome=\"done\"}")).ShouldNotBeNull().ShouldBeGreaterThan(0);
        await Eventually.Get(() => world.Reads("guildhall_books_unbalanced"), n => n == 0, "Nothing is said of the books");
        (await world.Reads("guildhall_database_up")).ShouldBe(1);
        (await world.Reads("db_client_connections_max")).ShouldBe(15);
    }

    [Fact]
    public async Task Promtool_has_nothing_to_say_about_names_help_and_types()
    {
        await world.Visitor().Get("services");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, await world.Scrape());
        try { (await Shell.Bash($"promtool check metrics <'{file}' 2>&1 || true")).ShouldBeEmpty(); }
        finally { File.Delete(file); }
    }

    [Fact, Covers("O-3", "marketplace-60")]
    public async Task The_real_Prometheus_reads_them_with_the_token_and_loads_the_rules()
    {
        await world.Visitor().Get("services");
        await using var prometheus = await PrometheusServer.Start(world.Addresses[0].Authority, MetricsWorld.Token);
        await Eventually.Get(() => prometheus.Asks("up{job=\"guildhall\"}"), n => n == 1, "Prometheus does not reach the node");
        await Eventually.Get(() => prometheus.Asks("guildhall_database_up"), n => n == 1, "The figures of the database do not come");
        await Eventually.Get(() => prometheus.Asks("sum(http_server_request_duration_seconds_count)"), n => n > 0, "No requests are counted");
        var rules = (await prometheus.Get("/api/v1/rules")).GetProperty("data").GetProperty("groups")[0].GetProperty("rules").EnumerateArray().ToArray();
        rules.Length.ShouldBe(12);
        await Eventually.True(async () => (await prometheus.Get("/api/v1/rules")).GetProperty("data").GetProperty("groups")[0].GetProperty("rules").EnumerateArray()
            .All(r => r.GetProperty("health").GetString() == "ok"), "A rule cannot be evaluated");
    }
}

[Covers("O-3")]
public sealed class MetricsPortTests(MetricsPortWorld world) : IClassFixture<MetricsPortWorld>
{
    [Fact]
    public async Task An_address_of_their_own_serves_the_figures_and_nothing_else()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{world.Port}") };
        (await http.GetStringAsync("/metrics")).ShouldContain("guildhall_database_up 1");
        foreach (var path in new[] { "/", "/health/live", "/api/v1/services", "/metrics/", "/openapi/v1.json" }) ((int)(await http.GetAsync(path)).StatusCode).ShouldBe(404, path);
        (await http.PostAsync("/metrics", null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await world.Visitor().Get("/metrics")).Status.ShouldBe(404);
    }
}

[Covers("O-3")]
public sealed class MetricSeriesTests
{
    [Fact]
    public void Labels_without_number_do_not_fill_the_memory_and_odd_ones_stay_on_their_line()
    {
        using var meter = new System.Diagnostics.Metrics.Meter("test");
        var series = new Guildhall.Operations.Metrics.MetricSeries(meter.CreateCounter<long>("x"), new("x_total", "Says\nso.", null));
        for (var i = 0; i < 3000; i++) series.Take(1, [new("id", i)]);
        series.Dropped.ShouldBe(1000);
        var odd = new Guildhall.Operations.Metrics.MetricSeries(meter.CreateCounter<long>("y"), new("y_total", "Says\nso.", null));
        odd.Take(2, [new("a", "line\nbreak \"quoted\" back\\slash")]);
        var text = new System.Text.StringBuilder();
        odd.Write(text);
        text.ToString().ShouldBe("# HELP y_total Says so.\n# TYPE y_total counter\ny_total{a=\"line\\nbreak \\\"quoted\\\" back\\\\slash\"} 2\n");
    }
}
