using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Security;

namespace Guildhall.Identity.Passwords;

/// <summary>Stored form of passwords: <c>pbkdf2-sha512:1:210000:salt:hash</c>. The password is kept exactly as typed, keyed with a pepper that
/// only the master key yields (version 1), then stretched. A stolen database without the master key cannot be searched.
/// Source of the cost: OWASP password storage cheat sheet, PBKDF2-HMAC-SHA512.</summary>
internal sealed class PasswordHash
{
    internal const int Iterations = 210_000;
    private const string Scheme = "pbkdf2-sha512";
    private const string PepperVersion = "1";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private readonly byte[] _pepper;

    public PasswordHash(MasterKey master)
    {
        _pepper = master.Derive("identity.password-pepper." + PepperVersion);
        Nobody = Write(Iterations, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(HashBytes));
    }

    /// <summary>A hash that no password fits: verifying against it costs the same as against a real one.</summary>
    public string Nobody { get; }

    public string Make(string password) => Make(password, Iterations);

    internal string Make(string password, int iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Write(iterations, salt, Stretch(password, salt, iterations));
    }

    public bool Fits(string password, string stored)
    {
        var (iterations, salt, hash) = Read(stored);
        return CryptographicOperations.FixedTimeEquals(Stretch(password, salt, iterations), hash);
    }

    public static bool IsOutdated(string stored) => Read(stored).Iterations < Iterations;

    private byte[] Stretch(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(HMACSHA256.HashData(_pepper, Encoding.UTF8.GetBytes(password)), salt, iterations, HashAlgorithmName.SHA512, HashBytes);

    private static string Write(int iterations, byte[] salt, byte[] hash) =>
        string.Create(CultureInfo.InvariantCulture, $"{Scheme}:{PepperVersion}:{iterations}:{Convert.ToBase64String(salt)}:{Convert.ToBase64String(hash)}");

    private static (int Iterations, byte[] Salt, byte[] Hash) Read(string stored) => stored.Split(':') switch
    {
        [Scheme, PepperVersion, var iterations, var salt, var hash] =>
            (int.Parse(iterations, CultureInfo.InvariantCulture), Convert.FromBase64String(salt), Convert.FromBase64String(hash)),
        _ => throw new FormatException("A stored password has an unknown form."),
    };
}
