using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guildhall.Marketplace.Seed;

namespace Guildhall.Tests.Web;

/// <summary>The requests to send by hand (<c>requests/*.http</c>) are sent, from the top, against the demo marketplace.</summary>
[Covers("O-10")]
public sealed partial class RequestFilesTests(World world) : IClassFixture<World>
{
    private static readonly HttpClient Wire = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly Dictionary<string, JsonElement> _answers = new(StringComparer.Ordinal);

    private sealed record Request(string? Name, HttpMethod Method, string Address, IReadOnlyList<(string, string)> Headers, string? Body);

    [Fact]
    public async Task Every_request_to_try_is_answered_as_it_should_be()
    {
        await SeedMarketplace.Ensure(world.Data());
        var sent = 0;
        foreach (var file in Tree.Files("requests", ".http"))
        {
            foreach (var request in Read(file.Text))
            {
                var (status, text) = await Send(request);
                if (status is < 200 or >= 300) Assert.Fail($"{file.Path}: {request.Method} {request.Address} answered {status} {text}");
                if (request.Name is { } name) _answers[name] = JsonSerializer.Deserialize<JsonElement>(text);
                sent++;
            }
        }
        sent.ShouldBeGreaterThanOrEqualTo(11);
    }

    private static IEnumerable<Request> Read(string text)
    {
        foreach (var block in text.Split("\n###").Skip(1))
        {
            var lines = block.Split('\n').Skip(1).ToList();
            if (lines.Exists(l => l.StartsWith("# needs:", StringComparison.Ordinal))) continue;
            var name = lines.Find(l => l.StartsWith("# @name ", StringComparison.Ordinal))?[8..].Trim();
            lines.RemoveAll(l => l.StartsWith('#'));
            var (first, empty) = (lines[0].Split(' '), lines.FindIndex(string.IsNullOrWhiteSpace));
            var headers = lines.Take(empty).Skip(1).Select(l => l.Split(": ", 2)).Select(h => (h[0], h[1])).ToArray();
            var body = string.Join('\n', lines.Skip(empty)).Trim();
            yield return new Request(name, HttpMethod.Parse(first[0]), first[1], headers, body.Length == 0 ? null : body);
        }
    }

    private async Task<(int Status, string Text)> Send(Request request)
    {
        using var message = new HttpRequestMessage(request.Method, Filled(request.Address));
        if (request.Body is { } body) message.Content = new StringContent(Filled(body), Encoding.UTF8);
        foreach (var (name, value) in request.Headers)
        {
            if (name == "Content-Type") message.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            else message.Headers.TryAddWithoutValidation(name, Filled(value));
        }
        using var answer = await Wire.SendAsync(message);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private string Filled(string text) => Hole().Replace(text, hole => hole.Groups[1].Value switch
    {
        "host" => world.Addresses[0].GetLeftPart(UriPartial.Authority),
        "$guid" => Guid.NewGuid().ToString(),
        var path when path.Split(".response.body.$.") is [var name, var rest] => At(_answers[name], rest),
        var other => throw new InvalidOperationException($"Nothing fills {{{{{other}}}}}."),
    });

    private static string At(JsonElement element, string path) =>
        Walk(element, [.. Step().Matches(path).Select(m => m.Value)]) is { } found ? found : throw new InvalidOperationException($"The answer has no {path}: {element}");

    // A star is the first child that has the rest.
    private static string? Walk(JsonElement element, ReadOnlySpan<string> steps)
    {
        if (steps.Length == 0) return element.GetString();
        var rest = steps[1..];
        if (steps[0] == "*")
        {
            foreach (var child in element.EnumerateArray())
                if (Walk(child, rest) is { } found) return found;
            return null;
        }
        if (int.TryParse(steps[0], out var index)) return index < element.GetArrayLength() ? Walk(element[index], rest) : null;
        return element.TryGetProperty(steps[0], out var value) ? Walk(value, rest) : null;
    }

    [GeneratedRegex(@"\{\{([^{}]+)\}\}", RegexOptions.NonBacktracking)]
    private static partial Regex Hole();

    [GeneratedRegex(@"\w+|\*", RegexOptions.NonBacktracking)]
    private static partial Regex Step();
}
