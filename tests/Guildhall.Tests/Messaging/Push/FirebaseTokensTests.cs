using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Push.Firebase;
using Guildhall.Sandbox.Firebase;

namespace Guildhall.Tests.Messaging.Push;

[Covers("N-6")]
public sealed class FirebaseTokensTests(PushWorld world) : IClassFixture<PushWorld>
{
    [Fact]
    public async Task One_token_serves_everybody_until_five_minutes_before_it_ends()
    {
        using var tokens = new FirebaseTokens(new ProviderHttp(), Options(), world.Data().Clock);
        var asked = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => tokens.Get(default)));
        var first = asked.Select(a => a.Token).Distinct().ShouldHaveSingleItem();
        first.ShouldNotBeNull();
        await world.Clock.Passes(54.Minutes());
        (await tokens.Get(default)).Token.ShouldBe(first);
        await world.Clock.Passes(1.Minutes());
        (await tokens.Get(default)).Token.ShouldNotBe(first);
    }

    [Fact]
    public async Task One_that_is_not_taken_any_more_is_asked_for_anew()
    {
        using var tokens = new FirebaseTokens(new ProviderHttp(), Options(), world.Data().Clock);
        var first = (await tokens.Get(default)).Token!;
        tokens.Drop("another");
        (await tokens.Get(default)).Token.ShouldBe(first);
        tokens.Drop(first);
        (await tokens.Get(default)).Token.ShouldNotBe(first);
    }

    [Theory]
    [InlineData("key")]
    [InlineData("id")]
    [InlineData("email")]
    public async Task A_key_that_Google_does_not_know_is_our_fault_and_nothing_was_sent(string what)
    {
        var options = Options();
        using var another = System.Security.Cryptography.RSA.Create(2048);
        options = what switch { "key" => options with { Key = another.ExportPkcs8PrivateKeyPem() }, "id" => options with { KeyId = "x" }, _ => options with { Email = "nobody@test" } };
        using var tokens = new FirebaseTokens(new ProviderHttp(), options, world.Data().Clock);
        var (token, failure) = await tokens.Get(default);
        (token, failure.State, failure.Reason).ShouldBe((null, DeliveryState.Queued, "NOT_LET_IN"));
        failure.Reply!.ShouldStartWith("400 invalid_grant");
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("0", 1)]
    [InlineData("86400", 3600)]
    [InlineData("Fri, 01 Jan 2027 00:02:00 GMT", 120)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public void What_they_say_about_waiting_is_believed_between_a_second_and_an_hour(string? header, int? seconds) =>
        RetryAfterHeader.Read(header, new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)).ShouldBe(seconds is { } s ? TimeSpan.FromSeconds(s) : null);

    private FirebaseOptions Options() => FirebaseOptions.Read(world.Sandbox.Http.BaseAddress!, world.Sandbox.Part<FirebaseAccount>().KeyFile)!;
}
