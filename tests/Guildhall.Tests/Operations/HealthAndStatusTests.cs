using Guildhall.Messaging;
using Guildhall.Operations;

namespace Guildhall.Tests.Operations;

public sealed class HealthAndStatusTests(OperationsWorld world) : IClassFixture<OperationsWorld>
{
    [Fact, Covers("O-2")]
    public async Task Deep_health_looks_at_database_queue_chain_disk_and_clocks()
    {
        var report = (await world.Actor().Get("admin/health")).Must();
        report.At("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()).ShouldBe(
        [
            "database_latency", "clock_difference_to_database", "queue_age", "dead_jobs", "audit_seal_lag", "unmatched_webhooks", "webhooks_out_of_time", "password_days",
            "ledger_seal_lag", "ledger_checkpoint_file", "ledger_epoch", "integration_stripe", "integration_smtp", "integration_sendgrid", "integration_ses",
            "integration_twilio", "integration_firebase", "integration_pdf", "integration_files", "integration_clamav", "integration_google_routes", "integration_osrm",
            "integration_turn", "integration_openweather", "integration_elevenlabs", "disk_free", "memory_used",
            "node_channel", "places_file", "sandbox_clock_offset",
        ]);
        report.Word("level").ShouldNotBe("failing");
    }

    [Fact, Covers("O-1")]
    public async Task A_mail_server_that_is_away_is_named_with_what_people_lose()
    {
        var person = Guid.CreateVersion7();
        await world.Data().InTransaction(async tx =>
        {
            await Recipients.Put(tx, person, "away@mail.test", "Away", "en", "UTC");
            await Notify.Person(tx, person, "new_message", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/" });
        });

        var staff = world.Actor();
        var smtp = await Eventually.Get(() => Smtp(staff), i => i.GetProperty("state").GetString() is "degraded" or "down", "The outage is not told");
        smtp.GetProperty("lastError").GetString().ShouldNotBeNullOrEmpty();
        smtp.GetProperty("usersLose").GetString()!.ShouldContain("wait");
        (await Smtp(world.Visitor())).GetProperty("lastError").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact, Covers("A-3")]
    public async Task The_dashboard_of_an_empty_marketplace_is_all_zeros()
    {
        var view = (await world.Actor().Get("admin/dashboard?days=7")).Must();
        view.At("days").GetArrayLength().ShouldBe(7);
        view.At("escrow").GetArrayLength().ShouldBe(0);
        view.At("withdrawals.count").GetInt64().ShouldBe(0);
        view.At("jobs.dead").GetInt64().ShouldBe(0);
    }

    private static async Task<System.Text.Json.JsonElement> Smtp(Visitor visitor) =>
        (await (visitor is Actor actor ? actor.Get("integrations/status") : visitor.Get("integrations/status"))).Must().Json.EnumerateArray().Single(i => i.GetProperty("name").GetString() is "smtp");
}

[Covers("O-9")]
public sealed class AdvanceClockTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Every_node_and_the_outside_world_take_the_step()
    {
        var moved = (await world.Visitor().Post("sandbox/clock", new { advanceSeconds = 3600 })).Must();
        moved.At("outsideFollows").GetBoolean().ShouldBeTrue();
        var offset = moved.At("offsetSeconds").GetInt64();
        for (var node = 0; node < 2; node++) ((long)world.Get<Guildhall.Foundation.Time.GuildhallClock>(node).Offset.TotalSeconds).ShouldBe(offset);
        (await world.Sandbox.Get("/sandbox/clock")).GetProperty("offsetSeconds").GetInt64().ShouldBe(offset);
    }

    [Theory]
    [InlineData(0), InlineData(-60), InlineData(400L * 24 * 3600)]
    public async Task Only_steps_forward_are_taken(long seconds) =>
        (await world.Visitor().Post("sandbox/clock", new { advanceSeconds = seconds })).MustRefuse(OperationsRefusals.ClockStep);
}
