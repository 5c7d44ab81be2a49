using Guildhall.Money.Gateways;

namespace Guildhall.Tests.Money.Reconciliation;

/// <summary>How long gateways take to answer, over all nodes.</summary>
public sealed class ReadPaymentHealthTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    private DateTimeOffset Today => new(world.Clock.Now.UtcDateTime.Date, TimeSpan.Zero);

    public async ValueTask InitializeAsync() => await world.StartsAfresh();
    public async ValueTask DisposeAsync() => await world.SettlesDown();

    [Fact]
    [Covers("M-20")]
    public async Task Percentiles_are_of_all_calls_of_a_day_on_every_node_and_unanswered_ones_count()
    {
        foreach (var (node, ms, times, answered) in new[] { (0, 3, 60, true), (1, 40, 34, true), (0, 900, 4, true), (1, 20_001, 2, false) })
            for (var i = 0; i < times; i++) world.Get<GatewayCalls>(node).Took("slowpay", TimeSpan.FromMilliseconds(ms), answered);
        await Written();
        await Written(); // nothing is added twice
        var health = (await world.As(MoneyWorld.Staff).Get("/api/v1/admin/payments/health?days=2")).Must();
        var day = health.At("answers").EnumerateArray().Single(a => a.GetProperty("gateway").GetString() == "slowpay");
        long Of(string name) => day.GetProperty(name).GetInt64();
        (Of("calls"), Of("noAnswer"), Of("medianMs"), Of("p95Ms"), Of("p99Ms")).ShouldBe((100, 2, 5, 1_000, 60_000));
        (await world.As(MoneyWorld.Staff).Get("/console/payment-health")).Must().Text.ShouldContain("slowpay");
    }

    [Fact]
    [Covers("M-20")]
    public async Task Calls_of_a_gateway_are_counted_as_they_are_made()
    {
        await Written();
        var before = await Calls();
        await (await world.Order()).Pays();
        await Written();
        (await Calls()).ShouldBeGreaterThan(before);
    }

    private Task Written() => Task.WhenAll(Enumerable.Range(0, 2).Select(node => CountGatewayCalls.Write(world.Get<GatewayCalls>(node), world.Data(node), default)));

    private Task<long> Calls() => world.Database.Value<long>("select coalesce(sum(calls), 0)::bigint from money.gateway_calls where gateway = 'stripe' and answered and hour >= $1", Today);
}
