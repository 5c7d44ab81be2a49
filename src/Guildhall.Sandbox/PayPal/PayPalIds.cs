using System.Security.Cryptography;

namespace Guildhall.Sandbox.PayPal;

internal static class PayPalIds
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static string New() => RandomNumberGenerator.GetString(Letters, 17);

    public static string Event() => $"WH-{New()}-{New()}";

    public static string Hex(int length) => RandomNumberGenerator.GetHexString(length, lowercase: true);
}
