using System.Collections.Concurrent;

namespace Guildhall.Tests.Web.Http;

/// <summary>Every GET of the product, by somebody who may see everything and by those it belongs to, with ids that there are.</summary>
[Collection(nameof(Sweeps))]
public sealed class SafeMethodTests(RichWorld world) : IAsyncLifetime
{
    private static readonly string[] TextTypes = ["text/", "application/json", "application/problem+json", "application/xml", "application/javascript"];

    // What is published reads the same for everybody; a cache asks whether it still does before it gives it.
    private static readonly string[] Published = ["/api/v1/site", "/api/v1/pages", "/api/v1/posts", "/api/v1/projects", "/api/v1/testimonials", "/en/feed.xml", "/ar/feed.xml", "/sitemap.xml", "/robots.txt"];

    public async ValueTask InitializeAsync()
    {
        if (world.Ids.Count == 0) await world.IsFurnished();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    [Covers("asvs-3.5.3", "asvs-4.1.1", "asvs-14.3.2", "asvs-1.2.4")]
    public async Task Asvs_3_5_3_No_get_changes_anything_and_Asvs_4_1_1_every_body_says_its_type_and_charset()
    {
        foreach (var person in new[] { world.Admin, world.Customer, world.Seller.Person }) await person.SignsIn();
        var (before, wrong, read) = (await Fingerprint.Of(world.Database), new ConcurrentDictionary<string, string>(StringComparer.Ordinal), 0);
        await Parallel.ForEachAsync(world.Routes.Where(r => r.IsRead && !r.IsStream), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (route, _) =>
        {
            string[] ids = route.Parts.Count == 0 ? [""] : [.. world.Fitting(route, route.Parts[0]).Distinct(StringComparer.Ordinal).Take(24)];
            foreach (var person in new[] { world.Admin, world.Customer, world.Seller.Person })
                foreach (var id in ids)
                {
                    var answer = await person.Send(HttpMethod.Get, route.Path(p => p == route.Parts[0] ? id : route.Nothing(p)) + Required(route), null, ("Accept", route.IsApi ? "application/json" : "text/html"));
                    if (answer.Status == 200) Interlocked.Increment(ref read);
                    if (Objection(route, answer) is { } objection) wrong.TryAdd(route.ToString(), $"{route} with {id}: {objection}");
                }
        });
        if (!wrong.IsEmpty) Assert.Fail(string.Join('\n', wrong.Values.Order(StringComparer.Ordinal)));
        Fingerprint.Changed(before, await Fingerprint.Of(world.Database)).ShouldBeEmpty();
        world.NewErrors().ShouldBeEmpty();
        read.ShouldBeGreaterThan(200);
    }

    private static string Required(RouteCall route) => route.Name switch
    {
        "ListSlots" => "?days=3&zone=UTC",
        _ => "",
    };

    private static string? Objection(RouteCall route, Answer answer)
    {
        // Deep health says 503 when a part fails, which it may think of a busy machine.
        if (answer.Status >= 500 && (route.Name, answer.Status) is not ("ReadHealth", 503)) return $"answered {answer.Status} {answer.Code}";
        if (answer.Text.Length == 0) return null;
        if (!answer.Headers.TryGetValue("Content-Type", out var type)) return "has a body without a type";
        if (TextTypes.Any(t => type.StartsWith(t, StringComparison.Ordinal)) && !type.Contains("charset=utf-8", StringComparison.OrdinalIgnoreCase)) return $"says {type} without a charset";
        if (route.Name is "Jwks") return null; // public keys are for everybody and every cache
        if (answer.Headers["Cache-Control"] == "public, no-cache" && Published.Contains(route.Pattern)) return null;
        return answer.Headers["Cache-Control"].Contains("no-store", StringComparison.Ordinal) ? null : $"may be kept: {answer.Headers["Cache-Control"]}";
    }
}
