using System.Text.Json;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Microsoft.AspNetCore.Builder;

namespace Guildhall.Tests.Foundation;

public sealed class SettingsTests(SettingsTests.Setup world) : IClassFixture<SettingsTests.Setup>
{
    private static readonly Setting<int> Plain = new("test.plain", "A number between 1 and 9", "", 5, n => n is >= 1 and <= 9 ? null : "It must be 1 to 9.");
    private static readonly Setting<int> Raced = Plain with { Key = "test.raced" };

    public sealed class Setup : NodesOnly
    {
        protected override void Adjust(WebApplicationBuilder builder, int node)
        {
            builder.Services.AddSetting(Plain);
            builder.Services.AddSetting(Raced);
        }
    }

    [Fact]
    public async Task A_change_counts_versions_keeps_history_and_is_audited()
    {
        (await InForce(Plain)).ShouldBe(5);
        (await Change(Plain, 7, seen: 0)).OrThrow().Version.ShouldBe(1);
        (await Change(Plain, 8, seen: 1)).OrThrow().Version.ShouldBe(2);
        (await InForce(Plain)).ShouldBe(8);
        (await world.Database.Column<string>("select value::text from foundation.settings_history where key = 'test.plain' order by version")).ShouldBe(["7", "8"]);
        var audit = await world.Database.Rows("select before->>'value', after->>'value', why from foundation.audit where subject_id = 'test.plain' order by id");
        audit.ShouldBe([["5", "7", "because"], ["7", "8", "because"]]);
        (await Change(Plain, 9, seen: 1)).Refusal!.Code.ShouldBe(FoundationRefusals.SettingChangedMeanwhile.Code);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10")]
    [InlineData("\"7\"")]
    [InlineData("7.5")]
    [InlineData("null")]
    [InlineData("99999999999")]
    public async Task A_value_that_is_not_one_of_its_values_is_refused(string json) =>
        (await Change(Plain, JsonSerializer.Deserialize<JsonElement>(json), seen: 0)).Refusal!.Code.ShouldBe(FoundationRefusals.SettingInvalid.Code);

    [Fact]
    public async Task Of_two_who_saw_the_same_version_one_changes_it()
    {
        await using var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended('setting:test.raced', 0))");
        var both = Task.WhenAll(Enumerable.Range(0, 4).Select(i => Change(Raced, i + 1, seen: 0, node: i % 2)));
        await gate.OpenWhenWaiting(4);
        (await both).Count(r => r.Granted).ShouldBe(1);
        (await world.Database.Count("foundation.settings_history where key = 'test.raced'")).ShouldBe(1);
    }

    private Task<Result<SettingValues.Stored>> Change(Setting setting, object value, int seen, int node = 0) => world.Data(node).InTransaction(tx =>
        SettingValues.Change(tx, Caller.System("test"), setting, JsonSerializer.SerializeToElement(value), seen, "because"));

    private Task<int> InForce(Setting<int> setting) => world.Data(1).InTransaction(tx => tx.Setting(setting));
}
