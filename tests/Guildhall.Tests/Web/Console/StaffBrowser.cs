using System.Net;
using System.Text.RegularExpressions;
using Guildhall.Foundation.Security;
using Guildhall.Tests.Money;

namespace Guildhall.Tests.Web.Console;

/// <summary>A member of staff at a browser without script: opens pages, fills the forms that stand there, follows redirects.</summary>
internal sealed partial class StaffBrowser(MoneyWorld world, Caller person)
{
    private readonly Visitor _wire = world.As(person);
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public async Task<Answer> Opens(string address) => Kept(await _wire.Send(HttpMethod.Get, address, null, Cookies));

    /// <summary>Opens the page and reads the form that is sent to this address.</summary>
    public async Task<Dictionary<string, string>> Form(string page, string action) => Fields((await Opens(page)).Must().Text, action);

    public async Task<Answer> Sends(string action, IReadOnlyDictionary<string, string> fields) =>
        Kept(await _wire.Send(HttpMethod.Post, action, new FormUrlEncodedContent(fields), Cookies));

    /// <summary>Opens, fills, sends; answers the page it was led to.</summary>
    public async Task<Answer> Does(string page, string action, params (string Name, string Value)[] typed)
    {
        var fields = await Form(page, action);
        foreach (var (name, value) in typed) fields[name] = value;
        return await Opens((await Sends(action, fields)).Must(303).Headers["Location"]);
    }

    public static Dictionary<string, string> Fields(string page, string action)
    {
        var start = page.IndexOf($"action=\"{action}\"", StringComparison.Ordinal);
        if (start < 0) Assert.Fail($"There is no form to {action} on the page.");
        var form = page[start..page.IndexOf("</form>", start, StringComparison.Ordinal)];
        return Hidden().Matches(form).Select(m => m.Value).ToDictionary(i => Part(i, "name"), i => WebUtility.HtmlDecode(Part(i, "value")), StringComparer.Ordinal);
    }

    private (string, string) Cookies => ("Cookie", string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));

    private Answer Kept(Answer answer)
    {
        foreach (Match cookie in Cookie().Matches(answer.Headers.TryGetValue("Set-Cookie", out var cookies) ? cookies : ""))
        {
            if (cookie.Groups[2].Length == 0) _cookies.Remove(cookie.Groups[1].Value);
            else _cookies[cookie.Groups[1].Value] = cookie.Groups[2].Value;
        }
        return answer;
    }

    private static string Part(string input, string name) => Regex.Match(input, $"{name}=\"([^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;

    [GeneratedRegex("<input type=\"hidden\"[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Hidden();

    [GeneratedRegex(@"(?:^|, )([\w.\-]+)=([^;,]*);", RegexOptions.None, 1000)]
    private static partial Regex Cookie();
}
