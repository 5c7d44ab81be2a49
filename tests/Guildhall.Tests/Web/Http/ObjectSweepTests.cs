using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Web.Http;

/// <summary>Somebody else, a customer and a provider with lives of their own, asks every route that is open to them for everything there is of others.</summary>
[Collection(nameof(Sweeps))]
public sealed partial class ObjectSweepTests(RichWorld world) : IAsyncLifetime
{
    // Open to everyone, or to whoever holds a secret of 256 bits; each is shown as such.
    private static readonly Dictionary<string, string> Public = new(StringComparer.Ordinal)
    {
        ["GET /api/v1/services/{id}"] = "the catalogue", ["GET /api/v1/services/{id}/slots"] = "the catalogue", ["GET /api/v1/services/{id}/slots/why"] = "what the list of slots tells; more to its provider only",
        ["GET /api/v1/services/{id}/cancellation-policy"] = "the catalogue", ["GET /api/v1/providers/{id}"] = "the catalogue",
        ["GET /api/v1/providers/{id}/reviews"] = "the catalogue", ["GET /api/v1/providers/{id}/packages"] = "the catalogue",
        ["GET /api/v1/services/{id}/series"] = "the catalogue", ["GET /services/{id}/series"] = "the catalogue", ["POST /services/{id}/series"] = "anybody may book",
        ["POST /api/v1/services/{id}/waiting"] = "anybody may wait",
        ["GET /services/{id}"] = "the catalogue", ["GET /providers/{id}"] = "the catalogue", ["POST /services/{id}/hold"] = "anybody may book",
        ["GET /openapi/{documentName}.json"] = "the description",
        ["GET /return/{gateway}/{payment?}"] = "leads to a page that reads the session", ["POST /return/{gateway}/{payment?}"] = "leads to a page that reads the session",
        ["GET /orders/{id}"] = "leads to a page that reads the session", ["POST /api/v1/webhooks/{gateway}"] = "believes signatures only",
    };

    public async ValueTask InitializeAsync()
    {
        if (world.Ids.Count == 0) await world.IsFurnished();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    [Covers("asvs-8.2.2", "asvs-8.2.3", "identity-41", "money-100", "marketplace-55", "I-12")]
    public async Task Asvs_8_2_2_Nothing_of_another_account_is_found_or_changed_by_any_id_on_any_route()
    {
        // Sells and buys, and has nothing yet: whatever it finds is somebody else's.
        var stranger = (await world.Provider()).Person;
        var (before, wrong, asked) = (await Fingerprint.Of(world.Database), new ConcurrentDictionary<string, string>(StringComparer.Ordinal), 0);
        var routes = world.Routes.Where(r => r.Parts.Count > 0 && r.Parts[0].Name is not ("period" or "account" or "token") && r.Rule is { Access: not RouteAccess.WithPermission } && !IsPublic(r)).ToArray();
        var page = await Token(stranger);
        await Parallel.ForEachAsync(routes, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (route, _) =>
        {
            var unknowns = new Dictionary<string, Answer>(StringComparer.Ordinal);
            foreach (var id in world.Fitting(route, route.Parts[0]).Distinct(StringComparer.Ordinal))
            {
                var answer = await Call(stranger, page, route, route.Path(p => p == route.Parts[0] ? id : route.Nothing(p)));
                Interlocked.Increment(ref asked);
                if (!unknowns.TryGetValue(Kind(id), out var unknown)) unknowns[Kind(id)] = unknown = await Call(stranger, page, route, route.Path(p => p == route.Parts[0] ? Another(id) : route.Nothing(p)));
                if (Objection(route, answer, unknown) is { } objection) wrong.TryAdd(route.ToString(), $"{route} with {id}: {objection}");
            }
        });
        if (!wrong.IsEmpty) Assert.Fail(string.Join("\n", wrong.Values.Order(StringComparer.Ordinal)));
        Fingerprint.Changed(before, await Fingerprint.Of(world.Database)).ShouldBeEmpty();
        world.NewErrors().ShouldBeEmpty();
        asked.ShouldBeGreaterThan(1_000, $"{world.Ids.Count} ids, {world.Names.Count} names");
        routes.Length.ShouldBeGreaterThan(40);
    }

    [Fact]
    [Covers("asvs-8.2.2", "money-100")]
    public async Task Asvs_8_2_2_Lists_hold_nothing_of_others_and_count_nothing_of_others()
    {
        var stranger = await world.Person("customer");
        foreach (var route in world.Routes.Where(r => r.IsApi && r.IsRead && r.Parts.Count == 0 && r.Rule?.Access is RouteAccess.SignedIn))
        {
            var answer = await stranger.Get(route.Pattern);
            foreach (var id in world.Names.Where(n => !IsOfTheCatalogue(n))) answer.Text.ShouldNotContain(id, customMessage: route.ToString());
            // A page that begins behind somebody else's row is as empty as the first.
            foreach (var (name, type) in route.Query.Where(q => q.Name is "after" or "before" && typeof(IId).IsAssignableFrom(q.Type)))
                foreach (var id in world.Ids.Take(40).Select(i => Id.Format(RichWorld.Prefix(type), i)))
                    (await stranger.Get($"{route.Pattern}?{name}={id}")).Text.Length.ShouldBeLessThanOrEqualTo(answer.Text.Length, $"{route} after {id}");
        }
    }

    [Fact]
    [Covers("identity-41")]
    public async Task Trying_another_persons_session_is_an_entry_in_the_trail()
    {
        var (stranger, mark) = (await world.Person("customer"), await world.Database.Value<long>("select max(id) from foundation.audit"));
        (await stranger.Delete($"sessions/{world.Admin.Session}")).Must(404);
        (await world.Database.Count("foundation.audit where id > $1 and action = 'malicious_direct_reference' and actor_id = $2", mark, stranger.Id)).ShouldBe(1);
    }

    [Theory]
    [Covers("identity-41")]
    [InlineData("bookings/{0}", "bkg", "marketplace.bookings")]
    [InlineData("orders/{0}", "ord", "money.orders")]
    [InlineData("payments/{0}", "pay", "money.payments")]
    [InlineData("invoices/{0}", "inv", "money.invoices")]
    public async Task Trying_what_is_another_persons_is_an_entry_in_the_trail_and_trying_nothing_is_none(string route, string prefix, string table)
    {
        var (stranger, id) = (await world.Person("customer"), await world.Database.Value<Guid>($"select id from {table} order by id desc limit 1"));
        string At(Guid thing) => string.Format(System.Globalization.CultureInfo.InvariantCulture, route, Id.Format(prefix, thing));
        (await stranger.Get(At(Guid.CreateVersion7()))).Must(404);
        (await world.Database.Count("foundation.audit where action = 'malicious_direct_reference' and actor_id = $1", stranger.Id)).ShouldBe(0);
        (await stranger.Get(At(id))).Must(404);
        (await world.Database.Value<string>("select subject_id from foundation.audit where action = 'malicious_direct_reference' and actor_id = $1", stranger.Id)).ShouldBe(Id.Format(prefix, id));
    }

    private static string? Objection(RouteCall route, Answer answer, Answer unknown)
    {
        if (answer.Status is >= 200 and < 300 or >= 500) return $"answered {answer.Status} {Short(answer)}";
        if (answer.Status != unknown.Status || answer.Code != unknown.Code) return $"answered {answer.Status} {answer.Code}, an unknown id {unknown.Status} {unknown.Code}";
        return (route.IsApi || route.IsRead) && answer.Status != 404 ? $"answered {answer.Status} {answer.Code} {Short(answer)}, not 404" : null;
    }

    // A challenge is answered by whoever has its own token; its id tells nothing, and every wrong answer reads the same.
    private static bool IsPublic(RouteCall route) => Public.ContainsKey(route.ToString()) || route.Pattern.StartsWith("/api/v1/auth/challenges/{id}/", StringComparison.Ordinal);

    private static string Kind(string id) => id.IndexOf('_', StringComparison.Ordinal) is > 0 and var at ? id[..at] : id.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // An id of the same kind that nobody has.
    private static string Another(string id) => id switch
    {
        _ when id.Contains('_', StringComparison.Ordinal) => Id.Format(Kind(id), Guid.CreateVersion7()),
        _ when Guid.TryParse(id, out var _) => Guid.CreateVersion7().ToString(),
        _ => "999999999",
    };

    private static string Short(Answer answer) => answer.Text.Length > 200 ? answer.Text[..200] : answer.Text;

    private static bool IsOfTheCatalogue(string id) => id.StartsWith("srv_", StringComparison.Ordinal) || id.StartsWith("prv_", StringComparison.Ordinal) || id.StartsWith("pro_", StringComparison.Ordinal);

    private async Task<Answer> Call(Person who, (string Cookie, string Token) page, RouteCall route, string path)
    {
        var plausible = new Plausible(world.Clock.Now) { Everything = false };
        HttpContent? content = route switch
        {
            { IsForm: true } => new FormUrlEncodedContent(new Dictionary<string, string>(plausible.Fields(), StringComparer.Ordinal) { ["__RequestVerificationToken"] = page.Token }),
            { BodyType: { } body } => new StringContent(plausible.Json(body), Encoding.UTF8, "application/json"),
            _ => null,
        };
        (string, string)[] headers = route.IsForm ? [("Cookie", page.Cookie)] : [("Idempotency-Key", Guid.NewGuid().ToString())];
        return await who.Send(new HttpMethod(route.Method), path, content, headers);
    }

    // A page of theirs gives the token that their forms carry.
    private static async Task<(string Cookie, string Token)> Token(Person who)
    {
        var answer = (await who.Send(HttpMethod.Get, "/account")).Must();
        return (SetCookie().Match(answer.Headers["Set-Cookie"]).Value, WebUtility.HtmlDecode(Field().Match(answer.Text).Groups[1].Value));
    }

    [GeneratedRegex("form=[^;]+", RegexOptions.NonBacktracking)]
    private static partial Regex SetCookie();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Field();
}
