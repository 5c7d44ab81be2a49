using System.Net;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways.Mpesa;

namespace Guildhall.Web.Host.Gateways;

/// <summary><c>GUILDHALL_MPESA_…</c>: none of them, or all that M-Pesa needs.</summary>
internal static class MpesaSettings
{
    // From the documentation; it may change.
    private const string Documented = "196.201.214.200,196.201.214.206,196.201.214.207,196.201.214.208,196.201.213.114,196.201.213.44,196.201.212.127,196.201.212.138,196.201.212.129,"
        + "196.201.212.136,196.201.212.74,196.201.212.69";
    private const string PublishedPasskey = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";
    private static readonly string[] All = ["API", "KEY", "SECRET", "SECRET_FILE", "SHORT_CODE", "PASSKEY", "PASSKEY_FILE", "TILL", "INITIATOR", "INITIATOR_PASSWORD", "INITIATOR_PASSWORD_FILE",
        "CERTIFICATE", "CALLBACK", "SENDERS", "PARTIAL_REVERSAL", "PAYOUT_SHORT_CODE", "PAYOUT_COMMAND", "NOT_FOUND"];

    /// <summary>Null when nothing is set, or when something is wrong with it.</summary>
    public static MpesaOptions? Read(IConfiguration config, bool sandbox, Uri? url, byte[] master, List<string> wrong)
    {
        var before = wrong.Count;
        var set = new GatewayVariables(config, "MPESA", wrong);
        if (All.All(v => set.Text(v) is null)) return null;
        var (key, secret, shortCode, passkey) = (set.Text("KEY"), set.Secret("SECRET"), set.Text("SHORT_CODE"), set.Secret("PASSKEY"));
        if (key is null || secret is null || shortCode is null || passkey is null)
            wrong.Add("GUILDHALL_MPESA_KEY, GUILDHALL_MPESA_SECRET, GUILDHALL_MPESA_SHORT_CODE and GUILDHALL_MPESA_PASSKEY belong together: set all four or none of GUILDHALL_MPESA_….");
        if (shortCode is not null && !IsShortCode(shortCode)) wrong.Add("GUILDHALL_MPESA_SHORT_CODE is five to seven digits.");
        if (set.Text("TILL") is { } till && !IsShortCode(till)) wrong.Add("GUILDHALL_MPESA_TILL is five to seven digits.");
        var api = set.Address("API", "https://api.safaricom.co.ke", sandbox);
        var callback = set.Address("CALLBACK", new Uri(url ?? new Uri("https://localhost"), "/api/v1/webhooks/mpesa").AbsoluteUri, sandbox);
        if (!sandbox && secret is "guildhall_sandbox_mpesa_secret") wrong.Add("GUILDHALL_MPESA_SECRET is the sandbox's. Put your own secret.");
        if (!sandbox && passkey is PublishedPasskey && api?.Host is "api.safaricom.co.ke") wrong.Add("GUILDHALL_MPESA_PASSKEY is the one that is published for trying. Put your own.");
        var initiator = Initiator(set);
        if (set.Text("PAYOUT_SHORT_CODE") is { } paysFrom && !IsShortCode(paysFrom)) wrong.Add("GUILDHALL_MPESA_PAYOUT_SHORT_CODE is five to seven digits.");
        if (set.Text("PAYOUT_SHORT_CODE") is not null && initiator is null) wrong.Add("GUILDHALL_MPESA_PAYOUT_SHORT_CODE needs GUILDHALL_MPESA_INITIATOR, its password and the certificate: without them nothing can be paid out.");
        var command = set.Text("PAYOUT_COMMAND") ?? "BusinessPayment";
        if (command is not ("BusinessPayment" or "SalaryPayment" or "PromotionPayment")) wrong.Add("GUILDHALL_MPESA_PAYOUT_COMMAND is BusinessPayment, SalaryPayment or PromotionPayment.");
        var (senders, partial) = (Senders(set, sandbox), set.IsOn("PARTIAL_REVERSAL"));
        if (wrong.Count > before) return null;
        return new MpesaOptions(api!, key!, secret!, shortCode!, passkey!, callback!, new MasterKey(master).Derive("mpesa-callback"))
        {
            Till = set.Text("TILL"), Initiator = initiator, PartialReversal = partial, Senders = senders, PayoutShortCode = set.Text("PAYOUT_SHORT_CODE"), PayoutCommand = command,
            NotFound = (set.Text("NOT_FOUND") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        };
    }

    private static MpesaInitiator? Initiator(GatewayVariables set)
    {
        var (name, password, certificate) = (set.Text("INITIATOR"), set.Secret("INITIATOR_PASSWORD"), set.File("CERTIFICATE"));
        if (name is null && password is null && set.Text("CERTIFICATE") is null) return null;
        if (name is null || password is null || set.Text("CERTIFICATE") is null)
            set.Wrong("GUILDHALL_MPESA_INITIATOR, GUILDHALL_MPESA_INITIATOR_PASSWORD and GUILDHALL_MPESA_CERTIFICATE belong together: set all three, or none and nothing can be reversed.");
        else if (certificate is not null && !MpesaCertificate.CanEncrypt(certificate)) set.Wrong("GUILDHALL_MPESA_CERTIFICATE names no certificate in PEM with an RSA key: take Safaricom's from the developer portal.");
        return name is null || password is null || certificate is null ? null : new MpesaInitiator(name, password, certificate);
    }

    // In the sandbox messages come from this machine.
    private static IReadOnlyList<IPNetwork>? Senders(GatewayVariables set, bool sandbox)
    {
        var text = set.Text("SENDERS") ?? (sandbox ? "any" : Documented);
        if (text is "any") return null;
        var networks = new List<IPNetwork>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (ClientAddress.TryNetwork(part, leastBits: 7, out var network)) networks.Add(network);
            else set.Wrong($"GUILDHALL_MPESA_SENDERS has {part}; an entry is an address or a network of at least /7, or all of it is `any`.");
        }
        return networks;
    }

    private static bool IsShortCode(string text) => text.Length is >= 5 and <= 7 && text.All(char.IsAsciiDigit);
}
