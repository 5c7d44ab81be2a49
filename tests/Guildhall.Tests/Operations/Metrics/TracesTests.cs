using Guildhall.Web.Host;

namespace Guildhall.Tests.Operations.Metrics;

/// <summary>One node that sends what it records to a collector.</summary>
public sealed class TracedWorld : World
{
    public Receiver Collector { get; } = new();

    protected override int NodeCount => 1;

    internal override HostSettings Configure(HostSettings settings, int node) => settings with { Otlp = Collector.Address };

    internal IReadOnlyList<OtlpSpan> Spans => [.. Collector.Posts.Where(p => p.Path == "/v1/traces").SelectMany(p => OtlpSpans.Read(p.Body))];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Collector.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

[Covers("O-3", "O-7")]
public sealed class TracesTests(TracedWorld world) : IClassFixture<TracedWorld>
{
    [Fact]
    public async Task A_trace_leads_from_the_request_through_its_job_to_the_gateway()
    {
        var (seller, customer, staff) = (await world.Provider(), await world.Customer(), await world.Staff("finance"));
        var booking = await customer.Books(seller);
        var payment = await customer.Pays(booking);
        await customer.SeesBookingBecome(booking, "confirmed");
        (await staff.Post($"payments/{payment.Word("id")}/refunds", new { amount = new { minor = 1_000, currency = "KWD" }, reason = "goodwill" })).Must(200, 201, 202);

        await Eventually.True(() => Task.FromResult(Refund().Gateway is not null), () => Task.FromResult("The spans that came: " + string.Join("; ", world.Spans.Select(s => s.Name).Distinct())));
        var (request, job, gateway) = Refund();
        job!.Parent.ShouldBe(request!.Id);
        gateway!.Parent.ShouldBe(job.Id);
        new[] { job.Trace, gateway.Trace }.ShouldAllBe(t => t == request.Trace);
        request.Tags["http.route"].ShouldBe("/api/v1/payments/{id}/refunds");
        gateway.Tags["http.response.status_code"].ShouldBe("200");
    }

    [Fact]
    public async Task Nothing_that_stands_in_an_address_gets_into_a_trace()
    {
        var secret = Guid.NewGuid().ToString("n");
        await world.Visitor().Get($"services/{secret}?q={secret}");
        await Eventually.True(() => Task.FromResult(world.Spans.Any(s => s.Name == "GET /api/v1/services/{id}")), "The request left no span");
        world.Collector.Posts.ShouldAllBe(p => !System.Text.Encoding.UTF8.GetString(p.Body).Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Figures_go_to_the_collector_too() =>
        await Eventually.True(() => Task.FromResult(world.Collector.Posts.Any(p => p.Path == "/v1/metrics" && System.Text.Encoding.UTF8.GetString(p.Body).Contains("guildhall.jobs.run", StringComparison.Ordinal))), "No figures came");

    // The listener hears every marketplace of this process: a refund that another test asks for and does not send is not the one.
    private (OtlpSpan? Request, OtlpSpan? Job, OtlpSpan? Gateway) Refund()
    {
        var spans = world.Spans;
        return spans.Where(s => s.Name == "POST /api/v1/payments/{id}/refunds").Select(request =>
        {
            var job = spans.FirstOrDefault(s => s.Parent == request.Id && s.Name == "job send_refund");
            return ((OtlpSpan?)request, job, spans.FirstOrDefault(s => s.Parent == job?.Id && s.Name == "gateway stripe"));
        }).FirstOrDefault(found => found.Item3 is not null);
    }
}
