using System.Net;
using System.Security.Cryptography;

namespace Guildhall.Money.Gateways.Mpesa;

/// <summary>Where and as whom to call Daraja, M-Pesa's API. <c>Callback</c>: where it tells us outcomes, reachable from outside; <c>CallbackKey</c>: ours, makes the secret
/// in each such address. <c>Till</c>: the till number when goods are bought instead of a bill paid. <c>Senders</c>: where its messages come from, null for anywhere.
/// Without an initiator nothing can be reversed.</summary>
public sealed record MpesaOptions(Uri Api, string Key, string Secret, string ShortCode, string Passkey, Uri Callback, byte[] CallbackKey)
{
    public string? Till { get; init; }
    public MpesaInitiator? Initiator { get; init; }

    /// <summary>Less than all of a payment may be reversed. Nobody has said that it may.</summary>
    public bool PartialReversal { get; init; }

    public IReadOnlyList<IPNetwork>? Senders { get; init; }

    /// <summary>The short code that payouts leave from; null where none do.</summary>
    public string? PayoutShortCode { get; init; }

    /// <summary>What payouts are called there: BusinessPayment, SalaryPayment or PromotionPayment.</summary>
    public string PayoutCommand { get; init; } = "BusinessPayment";

    /// <summary>The result codes that say that there is no such payout. None is documented: without one, a payout that never reached them stays unknown.</summary>
    public IReadOnlyList<string> NotFound { get; init; } = [];

    /// <summary>Real money moves.</summary>
    internal bool IsLive => string.Equals(Api.Host, "api.safaricom.co.ke", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The API user who may move money out, with Safaricom's certificate in PEM that the password is encrypted for.</summary>
public sealed record MpesaInitiator(string Name, string Password, string Certificate);

/// <summary>Looks at a certificate before anything depends on it.</summary>
public static class MpesaCertificate
{
    /// <summary>Whether a password can be encrypted for it.</summary>
    public static bool CanEncrypt(string pem)
    {
        try { return MpesaSignature.SecurityCredential("password", pem).Length > 0; }
        catch (CryptographicException) { return false; }
    }
}
