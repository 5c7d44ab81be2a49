namespace Guildhall.Sandbox.Firebase;

/// <summary>A message as it comes to a device. One with the tag of another takes its place there.</summary>
internal sealed record PushMessage(string Id, string Token, string Title, string Body, string? Tag, string? Link, DateTimeOffset At)
{
    public static string KeyOf(string token) => "token:" + token;
}
