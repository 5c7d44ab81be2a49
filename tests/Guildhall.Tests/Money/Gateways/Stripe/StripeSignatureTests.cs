using System.Text;
using System.Text.Json;
using Guildhall.Money.Gateways.Stripe;

namespace Guildhall.Tests.Money.Gateways.Stripe;

public sealed class StripeSignatureTests
{
    private const string Secret = "whsec_one";
    private const string Body = """{"id":"evt_1","amount":10}""";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_760_000_000);

    public static TheoryData<string> Vectors => [.. All.Select(v => v.GetProperty("name").GetString()!)];

    private static IReadOnlyList<JsonElement> All { get; } =
        [.. JsonDocument.Parse(Tree.Read("tests/Guildhall.Tests/Money/Gateways/Stripe/webhook-vectors.json")).RootElement.GetProperty("vectors").EnumerateArray()];

    // Stripe's own helper takes any time in the future; we take 300 s either way.
    [Theory, MemberData(nameof(Vectors))]
    [Covers("M-5", "money-80", "money-81")]
    public void Every_vector_is_judged_as_stripe_judges_it(string name)
    {
        var vector = All.Single(v => string.Equals(v.GetProperty("name").GetString(), name, StringComparison.Ordinal));
        var now = vector.GetProperty("now_unix").GetInt64();
        var future = long.TryParse(vector.GetProperty("header").GetString()!.Split("t=")[^1].Split(',')[0], out var sent) && sent - now > 300;
        StripeSignature.Holds(vector.GetProperty("header").GetString(), Encoding.UTF8.GetBytes(vector.GetProperty("payload").GetString()!),
            [vector.GetProperty("secret").GetString()!], DateTimeOffset.FromUnixTimeSeconds(now)).ShouldBe(vector.GetProperty("expected_valid").GetBoolean() && !future);
    }

    private static bool Holds(string? header, string body = Body, DateTimeOffset? now = null, params string[] secrets) =>
        StripeSignature.Holds(header, Encoding.UTF8.GetBytes(body), secrets.Length == 0 ? [Secret] : secrets, now ?? Now);

    [Theory, InlineData(299, true), InlineData(300, true), InlineData(301, false), InlineData(-300, true), InlineData(-301, false), InlineData(int.MaxValue, false)]
    [Covers("money-81")]
    public void A_time_more_than_five_minutes_away_is_not_trusted(long age, bool trusted) => Holds(StripeEvent.Sign(Body, Secret, Now.AddSeconds(-age))).ShouldBe(trusted);

    [Fact]
    [Covers("money-80")]
    public void Whatever_is_not_exactly_what_was_signed_is_not_trusted()
    {
        var header = StripeEvent.Sign(Body, Secret, Now);
        Holds(header).ShouldBeTrue();
        Holds(header, Body.Replace("10", "11", StringComparison.Ordinal)).ShouldBeFalse();
        Holds(header, Body + " ").ShouldBeFalse();
        Holds(header, """{"amount":10,"id":"evt_1"}""").ShouldBeFalse();
        Holds(header, secrets: "whsec_two").ShouldBeFalse();
        Holds(header.Replace("v1=", "v0=", StringComparison.Ordinal)).ShouldBeFalse();
        Holds(header.Replace("v1=", "v2=", StringComparison.Ordinal)).ShouldBeFalse();
        Holds(header.Replace("t=1760000000", "t=1760000001", StringComparison.Ordinal)).ShouldBeFalse();
        Holds("t=1760000001," + header).ShouldBeFalse();
        foreach (var bad in new[] { null, "", ",", "t=", "v1=", "t=1760000000", header.ToUpperInvariant(), header[..^1], header + "0", "t=1e9,v1=00", "t=-5,v1=00", "t=" + new string('9', 40) }) Holds(bad).ShouldBeFalse(bad);
        Holds(header + new string(',', 3000)).ShouldBeFalse();
    }

    [Fact]
    [Covers("money-87")]
    public void While_a_secret_is_being_replaced_both_are_taken_and_afterwards_only_the_new_one()
    {
        var (old, fresh) = (StripeEvent.Sign(Body, "whsec_old", Now), StripeEvent.Sign(Body, "whsec_new", Now));
        Holds(old, secrets: ["whsec_old", "whsec_new"]).ShouldBeTrue();
        Holds(fresh, secrets: ["whsec_old", " whsec_new\n"]).ShouldBeTrue();
        Holds(old, secrets: ["whsec_new"]).ShouldBeFalse();
    }
}
