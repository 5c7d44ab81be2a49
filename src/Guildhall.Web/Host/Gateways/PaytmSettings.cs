using System.Net;
using Guildhall.Foundation.Http;
using Guildhall.Money.Gateways.Paytm;

namespace Guildhall.Web.Host.Gateways;

/// <summary><c>GUILDHALL_PAYTM_…</c>: none of them, or all that Paytm needs.</summary>
internal static class PaytmSettings
{
    private static readonly string[] All = ["API", "MID", "KEY", "KEY_FILE", "WEBSITE", "SENDERS"];

    /// <summary>Null when nothing is set, or when something is wrong with it.</summary>
    public static PaytmOptions? Read(IConfiguration config, bool sandbox, Uri? url, List<string> wrong)
    {
        var before = wrong.Count;
        var set = new GatewayVariables(config, "PAYTM", wrong);
        if (All.All(v => set.Text(v) is null)) return null;
        var (mid, key, api) = (set.Text("MID"), set.Secret("KEY"), set.Address("API", "https://secure.paytmpayments.com", sandbox));
        if (mid is null || key is null) wrong.Add("GUILDHALL_PAYTM_MID and GUILDHALL_PAYTM_KEY belong together: set both or none of GUILDHALL_PAYTM_….");
        if (key is not null && !PaytmKey.Fits(key)) wrong.Add("GUILDHALL_PAYTM_KEY is 16, 24 or 32 characters.");
        if (!sandbox && key is "guildhallSandbox") wrong.Add("GUILDHALL_PAYTM_KEY is the sandbox's. Put your own key.");
        var senders = Senders(set);
        return wrong.Count > before ? null : new PaytmOptions(api!, mid!, key!, set.Text("WEBSITE") ?? "DEFAULT", url ?? new Uri("https://localhost")) { Senders = senders };
    }

    // Paytm names no addresses.
    private static IReadOnlyList<IPNetwork>? Senders(GatewayVariables set)
    {
        if (set.Text("SENDERS") is not { } text) return null;
        var networks = new List<IPNetwork>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (ClientAddress.TryNetwork(part, leastBits: 7, out var network)) networks.Add(network);
            else set.Wrong($"GUILDHALL_PAYTM_SENDERS has {part}; an entry is an address or a network of at least /7.");
        }
        return networks;
    }
}
