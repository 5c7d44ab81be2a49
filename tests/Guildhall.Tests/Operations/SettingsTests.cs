using Guildhall.Operations;

namespace Guildhall.Tests.Operations;

[Covers("A-4")]
public sealed class SettingsTests(OperationsWorld world) : IClassFixture<OperationsWorld>
{
    private const string Fee = "money.platform_fee_basis_points", Hours = "money.destination_cooling_hours";

    [Fact]
    public async Task A_change_says_who_when_and_why_and_is_in_the_audit_trail()
    {
        var staff = world.Actor();
        var seen = await Find(staff, Fee);
        var changed = (await staff.Patch($"admin/settings/{Fee}", new { value = 1200, seenVersion = seen, why = "New year's offer" })).Must();

        changed.At("version").GetInt32().ShouldBe(seen + 1);
        (await staff.Get($"admin/settings/{Fee}/history")).Must().Word("0.why").ShouldBe("New year's offer");
        var entry = (await staff.Get($"admin/audit?action=setting.changed&subjectId={Fee}")).Must();
        entry.At("items.0.after.value").GetInt32().ShouldBe(1200);
        entry.At("items.0.actorId").GetGuid().ShouldBe(staff.Account);
    }

    [Fact]
    public async Task Of_two_who_saw_the_same_value_one_is_told_that_it_changed_meanwhile()
    {
        var (first, second) = (world.Actor(), world.Actor());
        var seen = await Find(first, Hours);
        var answers = await Task.WhenAll(
            first.Patch($"admin/settings/{Hours}", new { value = 10, seenVersion = seen, why = "shorter" }),
            second.Patch($"admin/settings/{Hours}", new { value = 20, seenVersion = seen, why = "longer" }));

        answers.Count(a => a.Status == 200).ShouldBe(1);
        answers.Single(a => a.Status != 200).MustRefuse(FoundationRefusals.SettingChangedMeanwhile);
    }

    [Theory]
    [InlineData("-1"), InlineData("5001"), InlineData("\"a lot\""), InlineData("12.5"), InlineData("null")]
    public async Task A_value_the_setting_does_not_take_is_refused(string value)
    {
        var staff = world.Actor();
        var body = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>($$"""{"value": {{value}}, "seenVersion": {{await Find(staff, Fee)}}, "why": "try"}""");
        (await staff.Patch($"admin/settings/{Fee}", body)).MustRefuse(FoundationRefusals.SettingInvalid);
    }

    [Fact]
    public async Task A_change_without_a_reason_and_a_setting_nobody_has_are_refused()
    {
        var staff = world.Actor();
        (await staff.Patch($"admin/settings/{Fee}", new { value = 1, seenVersion = 0, why = "  " })).MustRefuse(OperationsRefusals.WhyMissing);
        (await staff.Patch("admin/settings/no.such", new { value = 1, seenVersion = 0, why = "x" })).MustRefuse(FoundationRefusals.SettingUnknown);
        (await staff.Get("admin/settings/no.such/history")).MustRefuse(FoundationRefusals.SettingUnknown);
        (await world.Visitor().Get("admin/settings")).MustRefuse(FoundationRefusals.SignInFirst);
    }

    private static async Task<int> Find(Actor staff, string key) =>
        (await staff.Get("admin/settings")).Must().Json.EnumerateArray().Single(s => s.GetProperty("key").GetString() == key).GetProperty("version").GetInt32();
}
