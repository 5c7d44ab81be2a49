using System.Security.Cryptography;

namespace Guildhall.Sandbox.Stripe;

internal static class Ids
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string New(string prefix, int length = 24) => prefix + RandomNumberGenerator.GetString(Letters, length);
}
