using System.Net;
using System.Text.RegularExpressions;

namespace Guildhall.Tests.Web.Pages;

/// <summary>A browser without script: keeps cookies, reads pages, sends their forms. Requests alternate between the nodes.</summary>
internal sealed partial class Guest(World world)
{
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);
    private readonly Visitor _wire = new(world);

    public string? Cookie(string name) => _cookies.TryGetValue(name, out var value) ? value : null;

    public void Forgets(string cookie) => _cookies.Remove(cookie);

    public Task<Answer> Opens(string path) => Send(HttpMethod.Get, path, null);

    /// <summary>Opens what an answer leads to, and on.</summary>
    public async Task<Answer> Follows(Answer answer)
    {
        for (var hop = 0; answer.Status is 302 or 303 && hop < 6; hop++) answer = await Opens(answer.Headers["Location"].Split('#')[0]);
        return answer;
    }

    /// <summary>The hidden fields of the form with this action, as the page has made them.</summary>
    public async Task<Dictionary<string, string>> Form(string page, string action)
    {
        var html = (await Opens(page)).Must().Text;
        var form = Forms().Matches(html).Select(m => m.Value).FirstOrDefault(f => f.Contains($"action=\"{action}\"", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{page} has no form to {action}: {html}");
        return Hidden().Matches(form).ToDictionary(m => m.Groups[1].Value, m => WebUtility.HtmlDecode(m.Groups[2].Value), StringComparer.Ordinal);
    }

    public Task<Answer> Posts(string action, IReadOnlyDictionary<string, string> fields) => Send(HttpMethod.Post, action, new FormUrlEncodedContent(fields));

    /// <summary>Sends a form that carries a file.</summary>
    public async Task<Answer> PostsFile(string action, IReadOnlyDictionary<string, string> fields, string name, byte[] bytes)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (field, value) in fields) form.Add(new StringContent(value), field);
        form.Add(new ByteArrayContent(bytes) { Headers = { ContentType = new("application/octet-stream") } }, "file", name);
        return await Send(HttpMethod.Post, action, form);
    }

    /// <summary>Opens the page, fills its form and sends it.</summary>
    public async Task<Answer> Sends(string page, string action, params (string Name, string Value)[] fields)
    {
        var form = await Form(page, action);
        foreach (var (name, value) in fields) form[name] = value;
        return await Posts(action, form);
    }

    private async Task<Answer> Send(HttpMethod method, string path, HttpContent? content)
    {
        var cookies = string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}"));
        var answer = await _wire.Send(method, path, content, ("Accept", "text/html"), ("Cookie", cookies), ("Sec-Fetch-Site", "same-origin"));
        if (answer.Headers.TryGetValue("Set-Cookie", out var set))
            foreach (Match cookie in SetCookie().Matches(set))
            {
                if (cookie.Groups[2].Value.Length == 0) _cookies.Remove(cookie.Groups[1].Value);
                else _cookies[cookie.Groups[1].Value] = cookie.Groups[2].Value;
            }
        return answer;
    }

    [GeneratedRegex(@"(?:^|, )([A-Za-z_][\w.-]*)=([^;,]*); ", RegexOptions.None, 1000)]
    private static partial Regex SetCookie();

    [GeneratedRegex("<form method=\"post\".*?</form>", RegexOptions.Singleline, 1000)]
    private static partial Regex Forms();

    [GeneratedRegex("<input (?:type=\"hidden\" )?name=\"([^\"]+)\" (?:type=\"hidden\" )?value=\"([^\"]*)\"", RegexOptions.None, 1000)]
    private static partial Regex Hidden();
}
