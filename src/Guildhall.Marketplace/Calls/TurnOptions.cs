namespace Guildhall.Marketplace.Calls;

/// <summary>A TURN server of the operator, such as coturn with <c>use-auth-secret</c>; without addresses there is none.</summary>
/// <param name="Urls"><c>turn:host:3478?transport=udp</c> and the like.</param>
/// <param name="Secret">The secret that it shares with us.</param>
public sealed record TurnOptions(IReadOnlyList<string> Urls, string Secret)
{
    public static TurnOptions None { get; } = new([], "");

    public bool IsSetUp => Urls.Count > 0;
}
