using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guildhall.Foundation.Http;
using Guildhall.Identity.Sessions;

namespace Guildhall.Tests.Support;

/// <summary>Phones of a world's people, and what came to them.</summary>
public static partial class Handset
{
    [GeneratedRegex("(?<![0-9])[0-9]{6}(?![0-9])", RegexOptions.None, 1000)]
    private static partial Regex Code();

    /// <summary>A mobile number of Kuwait that nobody else in this run has, hardly ever in the range of another.</summary>
    public static string NewNumber() => "+96550" + RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>Text messages to a number, newest first.</summary>
    public static async Task<IReadOnlyList<JsonElement>> TextsTo(this World world, string number) =>
        [.. (await world.Sandbox.Get($"/sandbox/texts?to={Uri.EscapeDataString(number)}")).EnumerateArray()];

    /// <summary>The newest text message once there are so many.</summary>
    public static async Task<string> Text(this World world, string number, int count = 1)
    {
        var texts = await Eventually.Get(() => world.TextsTo(number), t => t.Count >= count, $"{count} text messages to {number} were expected");
        return texts[0].GetProperty("body").GetString()!;
    }

    /// <summary>The code in the newest text message once there are so many.</summary>
    public static async Task<string> CodeOn(this World world, string number, int count = 1) => Code().Match(await world.Text(number, count)).Value;

    /// <summary>Another code than this one.</summary>
    public static string Not(string code, int by = 1) => ((int.Parse(code, CultureInfo.InvariantCulture) + by) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>The person confirms a number of theirs.</summary>
    public static async Task<string> Confirms(this Person person, string? number = null)
    {
        number ??= NewNumber();
        var before = (await person.Home.TextsTo(number)).Count;
        (await person.Post("me/phone", new { phone = number })).Must(202);
        (await person.Post("me/phone/actions/verify", new { code = await person.Home.CodeOn(number, before + 1) })).Must(204);
        await person.Home.Text(number, before + 2); // the notice that it belongs to an account now
        return number;
    }

    /// <summary>The same session with a fresh access token: those last ten minutes.</summary>
    public static async Task StaysSignedIn(this Person person)
    {
        var answer = (await person.Home.Visitor().Post("auth/refresh", new { refreshToken = person.RefreshToken })).Must();
        person.Has(JsonSerializer.Deserialize<TokenPair>(answer.Text, JsonRules.Options)!);
    }

    /// <summary>The person has an authenticator app, as far as their account knows.</summary>
    public static async Task HasAuthenticator(this Person person)
    {
        await person.Home.Database.Execute("insert into identity.totp (account_id, secret, created_at, confirmed_at) values ($1, '\\x00', $2, $2)", person.Id, person.Home.Clock.Now);
        await person.Home.Database.Execute("update identity.accounts set second_factor = true where id = $1", person.Id);
    }
}
