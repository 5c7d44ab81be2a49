using System.Net.Http.Headers;
using System.Text;
using Guildhall.Files;

namespace Guildhall.Tests.Files;

[Covers("A-2", "O-9")]
public sealed class BucketTests(BucketWorld world) : IClassFixture<BucketWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await world.Gateway.AnswersAsUsual();

    [Fact]
    public async Task Bytes_go_into_the_bucket_directly_and_come_out_through_us()
    {
        var (seller, customer, booking) = await Deal();
        var signed = await customer.PutsIn(booking);
        new Uri(signed.Word("put.url")).Port.ShouldBe(world.Sandbox.Http.BaseAddress!.Port);
        await customer.Becomes(signed, "ready");
        (await seller.Person.Fetches(signed)).Must().Text.ShouldBe(FileTalk.Words);
        (await world.Keys()).ShouldContain("shop/files/" + signed.Word("id"));
        await world.Clock.Passes(1.Hours());
        await world.EventuallyOr("What was put is still there.", async () => !(await world.Keys()).Contains("shop/incoming/" + signed.Word("id"), StringComparer.Ordinal));
        (await seller.Person.SignsIn()).ShouldNotBeNull();
        (await seller.Person.Fetches(signed)).Must().Text.ShouldBe(FileTalk.Words);
    }

    [Fact]
    public async Task The_address_takes_this_file_and_no_other()
    {
        var (_, customer, booking) = await Deal();
        var signed = (await customer.Signs(booking)).Must(201);
        (await customer.Puts(signed, FileTalk.Words + "more")).ShouldBe(403);
        (await customer.Puts(signed, type: "text/html")).ShouldBe(403);
        using var http = new HttpClient();
        using var other = await http.PutAsync(new Uri(signed.Word("put.url").Replace(signed.Word("id"), signed.Word("id")[..^1] + (signed.Word("id")[^1] is 'z' ? "y" : "z"), StringComparison.Ordinal)), Content());
        ((int)other.StatusCode).ShouldBe(403);
        using var fetched = await http.GetAsync(new Uri(signed.Word("put.url")));
        ((int)fetched.StatusCode).ShouldBe(403);
        (await customer.Puts(signed)).ShouldBe(200);
    }

    [Fact]
    public async Task What_is_put_after_it_was_looked_at_is_given_to_nobody()
    {
        var (seller, customer, booking) = await Deal();
        var signed = await customer.PutsIn(booking);
        await customer.Becomes(signed, "ready");
        (await customer.Puts(signed, FileTalk.Words.Replace('V', 'W'))).ShouldBe(200); // the bucket still takes it
        (await seller.Person.Fetches(signed)).Must().Text.ShouldBe(FileTalk.Words);
    }

    [Theory]
    [InlineData("down"), InlineData("refused"), InlineData("garbage"), InlineData("lost")]
    public async Task A_bucket_that_does_not_answer_as_it_should_makes_files_wait_and_loses_none(string how)
    {
        var (seller, customer, booking) = await Deal();
        var kept = await customer.PutsIn(booking);
        await customer.Becomes(kept, "ready");
        var signed = (await customer.Signs(booking)).Must(201);
        (await customer.Puts(signed)).ShouldBe(200);
        await world.Gateway.Faults(new { storage = how });
        (await customer.Confirms(signed)).Must(202);
        await Eventually.True(async () => (await customer.Get($"uploads/{signed.Word("id")}")).Must().Text.Contains("store_away", StringComparison.Ordinal) || how is "garbage", "It does not say that it waits");
        (await seller.Person.Fetches(kept)).MustRefuse(FilesRefusals.StoreAway);
        (await seller.Person.Sees(booking)).ShouldBe([kept.Word("id")]);
        if (how is "garbage")
        {
            (await customer.Becomes(signed, "refused")).Word("reason").ShouldBe("size_differs"); // nothing that was not put is ever taken for it
            return;
        }
        var status = (await (await world.Staff()).Get("integrations/status")).Must().Json.EnumerateArray().Single(i => i.Text("name") == "s3");
        status.Text("state").ShouldBe("degraded");
        await world.Gateway.AnswersAsUsual();
        await customer.Waits(1.Minutes());
        await customer.Becomes(signed, "ready");
        (await customer.Fetches(signed)).Must().Text.ShouldBe(FileTalk.Words);
    }

    [Fact]
    public async Task Staff_try_the_bucket_and_nothing_of_it_is_left()
    {
        var staff = await world.Staff();
        (await staff.Post("integrations/s3/actions/test")).Must().Word("outcome").ShouldBe("works");
        (await world.Keys()).Count(k => k.Contains("tests/", StringComparison.Ordinal)).ShouldBe(0);
        await world.Gateway.Faults(new { storage = "refused" });
        var answer = (await staff.Post("integrations/s3/actions/test")).Must();
        (answer.Word("outcome"), answer.Word("reason")).ShouldBe(("no_answer", "403 AccessDenied"));
    }

    private static ByteArrayContent Content() => new(Encoding.UTF8.GetBytes(FileTalk.Words)) { Headers = { ContentType = MediaTypeHeaderValue.Parse("text/plain") } };

    private async Task<(Seller Seller, Person Customer, Answer Booking)> Deal()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        return (seller, customer, await customer.BooksAndPays(seller));
    }
}
