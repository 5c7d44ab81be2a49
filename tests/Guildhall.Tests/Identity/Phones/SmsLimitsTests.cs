using System.Net;
using System.Text.Json;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Identity.Phones;

namespace Guildhall.Tests.Identity.Phones;

[Covers("identity-61", "marketplace-41")]
public sealed class SmsLimitsTests(World world) : IClassFixture<World>
{
    private static int _network;

    [Fact]
    public async Task One_number_gets_five_codes_an_hour_whoever_asks_and_unknown_numbers_are_told_the_same()
    {
        var (known, unknown) = (await (await world.Person()).Confirms(), Handset.NewNumber());
        for (var i = 0; i < 4; i++) (await world.Visitor().Post("auth/phone-sign-in", new { phone = known })).Must(202);
        var limited = (await world.Visitor().Post("auth/phone-sign-in", new { phone = known })).MustRefuse(FoundationRefusals.RateLimited);
        int.Parse(limited.Headers["Retry-After"]).ShouldBeInRange(3500, 3600);
        (await (await world.Person()).Post("me/phone", new { phone = known })).MustRefuse(FoundationRefusals.RateLimited);

        for (var i = 0; i < 5; i++) (await world.Visitor().Post("auth/phone-sign-in", new { phone = unknown })).Must(202);
        (await world.Visitor().Post("auth/phone-sign-in", new { phone = unknown })).MustRefuse(FoundationRefusals.RateLimited);
        await world.JobsAreDone();
        (await world.TextsTo(known)).Count.ShouldBe(6);
    }

    [Fact]
    public async Task One_number_gets_so_many_codes_a_day_however_they_are_spread()
    {
        await SetCaps(new SmsCaps { PerNumberPerHour = 20, PerNumberPerDay = 2 });
        try
        {
            var number = Handset.NewNumber();
            for (var i = 0; i < 2; i++) (await Ask(Somewhere(), number)).ShouldBeNull();
            var refusal = (await Ask(Somewhere(), number))!;
            refusal.Code.ShouldBe(FoundationRefusals.RateLimited.Code);
            refusal.RetryAfterSeconds!.Value.ShouldBeGreaterThan(80_000);
        }
        finally { await SetCaps(new SmsCaps()); }
    }

    [Fact]
    public async Task One_account_that_tries_many_numbers_has_fifteen_a_day()
    {
        var person = await world.Person();
        for (var i = 0; i < 15; i++) (await person.Post("me/phone", new { phone = Handset.NewNumber() })).Must(202);
        var limited = (await person.Post("me/phone", new { phone = Handset.NewNumber() })).MustRefuse(FoundationRefusals.RateLimited);
        int.Parse(limited.Headers["Retry-After"]).ShouldBeGreaterThan(80_000);
    }

    [Theory]
    [InlineData("198.51.100.{0}", "198.51.101.1")]
    [InlineData("2001:db8:9:{0:x}::1", "2001:db8:a::1")]
    public async Task One_network_asks_for_so_many_an_hour_and_another_still_may(string within, string elsewhere)
    {
        var parts = world.Get<IdentityParts>();
        var caps = parts.Limits.Factor; // a load drill's factor multiplies what many share
        await SetCaps(new SmsCaps { PerNetworkPerHour = 1, PerCountryPerDay = 10_000 });
        try
        {
            var key = $"sms-network:{SmsLimits.Network(IPAddress.Parse(string.Format(null, within, 7)))}";
            for (var i = 0; i < caps - 1; i++) (await parts.Limits.Hit(key, caps, 3600, default)).ShouldBeNull();
            (await Ask(string.Format(null, within, 1))).ShouldBeNull();
            (await Ask(string.Format(null, within, 2)))!.Code.ShouldBe(FoundationRefusals.RateLimited.Code);
            (await Ask(elsewhere)).ShouldBeNull();
        }
        finally { await SetCaps(new SmsCaps()); }
    }

    [Fact]
    public async Task One_country_gets_so_many_a_day_and_another_still_may()
    {
        await SetCaps(new SmsCaps { PerCountryPerDay = 3 });
        try
        {
            for (var i = 0; i < 3; i++) (await Ask(Somewhere(), $"+3538520{i:D5}")).ShouldBeNull();
            var refusal = (await Ask(Somewhere(), "+353852099999"))!;
            (refusal.Code, refusal.Status).ShouldBe((FoundationRefusals.RateLimited.Code, 429));
            refusal.RetryAfterSeconds!.Value.ShouldBeGreaterThan(80_000);
            (await Ask(Somewhere(), "+447400123456")).ShouldBeNull();
        }
        finally { await SetCaps(new SmsCaps()); }
    }

    [Fact]
    public async Task Only_countries_on_the_list_are_served_when_there_is_one()
    {
        await Set(SmsSettings.Countries, (string[])["KW"]);
        try
        {
            var refused = (await world.Visitor().Post("auth/phone-sign-in", new { phone = "+447400123457" })).MustRefuse(IdentityRefusals.PhoneNotAccepted);
            refused.Word("reason").ShouldBe("country_not_served");
            (await Ask(Somewhere(), Handset.NewNumber())).ShouldBeNull();
        }
        finally { await Set(SmsSettings.Countries, Array.Empty<string>()); }
    }

    [Fact]
    public async Task A_range_whose_codes_nobody_enters_is_paused_before_anything_is_sent_and_its_neighbours_are_not()
    {
        const string range = "+9656600";
        for (var i = 0; i < SmsLimits.JudgedFrom; i++)
        {
            (await Ask(Somewhere(), $"{range}{i:D4}")).ShouldBeNull();
            await world.Data().InTransaction(tx => SmsLimits.Sent(tx, $"{range}{i:D4}"));
        }
        var person = await world.Person();
        var paused = (await person.Post("me/phone", new { phone = $"{range}9999" })).MustRefuse(IdentityRefusals.SmsPaused);
        paused.Headers["Retry-After"].ShouldBe("3600");
        (await world.Visitor().Post("auth/phone-sign-in", new { phone = $"{range}9998" })).MustRefuse(IdentityRefusals.SmsPaused);
        (await world.TextsTo($"{range}9999")).ShouldBeEmpty();
        (await Ask(Somewhere(), "+96566010001")).ShouldBeNull();

        for (var i = 0; i < 4; i++) await world.Data().InTransaction(tx => SmsLimits.Used(tx, $"{range}{i:D4}"));
        (await Ask(Somewhere(), $"{range}9997")).ShouldBeNull();
        await world.Data().InTransaction(tx => SmsLimits.Sent(tx, $"{range}0001"));
        (await Ask(Somewhere(), $"{range}9996"))!.Code.ShouldBe(IdentityRefusals.SmsPaused.Code);
        await world.Clock.Passes(7.Hours());
        (await Ask(Somewhere(), $"{range}9995")).ShouldBeNull();
    }

    [Fact]
    public async Task Of_fifty_who_ask_for_one_number_at_once_five_are_served()
    {
        var number = Handset.NewNumber();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => world.Visitor().Post("auth/phone-sign-in", new { phone = number })));
        answers.Count(a => a.Status == 202).ShouldBe(5);
        answers.Count(a => a.Status == 429).ShouldBe(45);
    }

    [Fact]
    public void The_settings_take_only_what_makes_sense()
    {
        Objection(SmsSettings.Countries, """["kw"]""").ShouldNotBeNull();
        Objection(SmsSettings.Countries, """["KW", "IE"]""").ShouldBeNull();
        Objection(SmsSettings.HomeCountry, "\"XX\"").ShouldNotBeNull();
        Objection(SmsSettings.HomeCountry, "\"KW\"").ShouldBeNull();
        foreach (var wrong in (object[])[new SmsCaps { PerNumberPerHour = 0 }, new SmsCaps { PerNumberPerDay = 101 }, new SmsCaps { PerNetworkPerHour = 0 }, new SmsCaps { PerCountryPerDay = 10_001 }, new SmsCaps { LeastUsedPercent = 91 }])
            Objection(SmsSettings.Caps, JsonSerializer.Serialize(wrong, JsonRules.Options)).ShouldNotBeNull();
        Objection(SmsSettings.Caps, JsonSerializer.Serialize(new SmsCaps(), JsonRules.Options)).ShouldBeNull();
    }

    private static string? Objection(Setting setting, string json) => setting.Objection(JsonSerializer.Deserialize<JsonElement>(json));

    private static string Somewhere() => $"203.0.{Interlocked.Increment(ref _network)}.1";

    private Task<Refusal?> Ask(string address, string? number = null) => SmsLimits.Check(world.Get<IdentityParts>(),
        new Caller { Kind = CallerKind.Anonymous, Address = IPAddress.Parse(address) }, PhoneNumber.Read(number ?? Handset.NewNumber(), "").OrThrow(), account: null, default);

    private Task SetCaps(SmsCaps caps) => Set(SmsSettings.Caps, caps);

    private Task Set<T>(Setting<T> setting, T value) => world.Data().InTransaction(async tx =>
    {
        var version = await tx.Find<int>("select version from foundation.settings where key = @key", new { key = setting.Key });
        (await SettingValues.Change(tx, Caller.System("test"), setting, JsonSerializer.SerializeToElement(value, JsonRules.Options), version, "test")).OrThrow();
    });
}
