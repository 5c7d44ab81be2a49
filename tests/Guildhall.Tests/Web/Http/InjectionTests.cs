using System.Collections.Concurrent;
using System.Text;

namespace Guildhall.Tests.Web.Http;

/// <summary>What attackers type, in every field of every body, every name of every query and every part of every address.</summary>
[Collection(nameof(Sweeps))]
public sealed class InjectionTests(RichWorld world) : IAsyncLifetime
{
    private static readonly string[] Corpus =
    [
        "' or '1'='1", "x'; drop table identity.accounts; --", "\" or \"\"=\"", "1) union select password_hash from identity.accounts --", "$1", "@id", "%", "_", "\\", "a\0b", "\r\nBcc: all@evil.test",
        "{{7*7}}${7*7}#{7*7}<%=7*7%>", "<script>alert(1)</script>", "../../../etc/passwd", "=cmd|'/c calc'!A0", "\u202E\u2066", "\uFFFF", new string('a', 6_000), "null", "NaN", "9223372036854775808", "0001-01-01T00:00:00Z",
    ];

    public async ValueTask InitializeAsync()
    {
        if (world.Ids.Count == 0) await world.IsFurnished();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    [Covers("asvs-1.2.4", "identity-47", "identity-12")]
    public async Task Asvs_1_2_4_Nothing_that_is_typed_in_anywhere_becomes_sql_or_an_error()
    {
        var accounts = await world.Database.Count("identity.accounts");
        var attacker = await world.Person("admin", "customer");
        var wrong = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(world.Routes.Where(r => !r.IsStream && r.Name is not ("SignOut" or "AdvanceClock")), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (route, _) =>
        {
            foreach (var text in Corpus)
                foreach (var answer in await Ask(attacker, route, text))
                    if (answer.Status >= 500 && answer.Status is not 503) wrong.TryAdd(route.ToString(), $"{route} with {text[..Math.Min(30, text.Length)]}: {answer.Status} {answer.Code}");
        });
        var errors = world.NewErrors();
        if (!wrong.IsEmpty) Assert.Fail(string.Join('\n', wrong.Values.Order(StringComparer.Ordinal).Concat(errors.Take(12))));
        (await world.Database.Count("identity.accounts")).ShouldBeGreaterThanOrEqualTo(accounts);
        (await world.Database.Count("foundation.audit")).ShouldBeGreaterThan(0);
    }

    private async Task<IReadOnlyList<Answer>> Ask(Person who, RouteCall route, string text)
    {
        var answers = new List<Answer>();
        if (route.BodyType is { } body)
            answers.Add(await Send(who, route, route.PathOfNothing(), new StringContent(new Plausible(world.Clock.Now) { Text = text }.Json(body), Encoding.UTF8, "application/json")));
        var names = route.Query.Select(q => q.Name).Concat(route.IsApi ? [] : ["q", "state", "from", "until", "before", "after", "id", "actor", "returnUrl"]).Distinct(StringComparer.Ordinal).ToArray();
        if (route.IsRead && names.Length > 0) answers.Add(await Send(who, route, route.PathOfNothing() + "?" + string.Join('&', names.Select(n => $"{n}={Uri.EscapeDataString(text)}"))));
        // One at a time, so that what cannot be read of one does not hide the others.
        if (route.IsRead) foreach (var (name, _) in route.Query.Where(q => q.Type == typeof(string))) answers.Add(await Send(who, route, $"{route.PathOfNothing()}?{name}={Uri.EscapeDataString(text)}"));
        if (route.Parts.Count > 0 && text.Length < 1_000 && !text.Contains('\0', StringComparison.Ordinal)) answers.Add(await Send(who, route, route.Path(_ => text)));
        return answers;
    }

    private static async Task<Answer> Send(Person who, RouteCall route, string path, HttpContent? content = null)
    {
        var answer = await who.Send(new HttpMethod(route.Method), path, content, ("Idempotency-Key", Guid.NewGuid().ToString()));
        if (answer.Code is "SESSION_EXPIRED") await who.SignsIn();
        return answer;
    }
}
