using System.Text.RegularExpressions;

namespace Guildhall.Tests.Support;

/// <summary>What came by mail to an address.</summary>
public static partial class Post
{
    [GeneratedRegex("verify-email#([A-Za-z0-9_-]{43})", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("\\b([0-9]{6})\\b", RegexOptions.None, 1000)]
    private static partial Regex Digits();

    /// <summary>The newest mail once there are so many.</summary>
    public static async Task<string> Mail(this World world, string address, int count = 1)
    {
        var mail = await Eventually.Get(() => world.Gateway.MailTo(address), m => m.Count >= count, $"{count} mails to {address} were expected");
        return mail[0].GetProperty("subject").GetString() + "\n" + mail[0].GetProperty("text").GetString();
    }

    /// <summary>Link token and code of the newest confirmation mail.</summary>
    public static async Task<(string Token, string Code)> Confirmation(this World world, string address, int count = 1)
    {
        var text = await world.Mail(address, count);
        return (Link().Match(text).Groups[1].Value, Digits().Match(text).Groups[1].Value);
    }
}
