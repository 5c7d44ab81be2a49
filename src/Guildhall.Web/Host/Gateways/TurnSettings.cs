using Guildhall.Marketplace.Calls;

namespace Guildhall.Web.Host.Gateways;

/// <summary><c>GUILDHALL_TURN_URLS</c> and <c>GUILDHALL_TURN_SECRET</c>: who passes calls on where two browsers do not reach each other. Without both, calls connect directly or not at all.</summary>
internal static class TurnSettings
{
    private const int LeastSecret = 16;

    public static TurnOptions Read(IConfiguration config, List<string> wrong)
    {
        var turn = new GatewayVariables(config, "TURN", wrong);
        var urls = (turn.Text("URLS") ?? "").Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var secret = turn.Secret("SECRET") ?? "";
        if (urls.Length == 0 && secret.Length == 0) return TurnOptions.None;
        if (urls.Length == 0 || secret.Length < LeastSecret) turn.Wrong($"GUILDHALL_TURN_URLS and GUILDHALL_TURN_SECRET (at least {LeastSecret} characters) belong together: set both or none.");
        foreach (var url in urls.Where(u => !(u.StartsWith("turn:", StringComparison.Ordinal) || u.StartsWith("turns:", StringComparison.Ordinal) || u.StartsWith("stun:", StringComparison.Ordinal))))
            turn.Wrong($"GUILDHALL_TURN_URLS has {url}; an address is like turn:turn.example.com:3478?transport=udp.");
        return new TurnOptions(urls, secret);
    }
}
