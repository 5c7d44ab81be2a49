using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Security;

namespace Guildhall.Identity.Passwords;

/// <summary>Stored form of passwords: <c>pbkdf2-sha512:1:210000:salt:hash</c>. The password is kept exactly as typed, keyed with a pepper that
/// only the master key yields (version 1), then stretched. A stolen database without the master key cannot be searched.</summary>
internal sealed class PasswordHash
{
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private readonly MasterKey _master;
    private readonly HashRecipe _recipe;
    private readonly ConcurrentDictionary<int, byte[]> _peppers = new();

    public PasswordHash(MasterKey master, HashRecipe? recipe = null)
    {
        (_master, _recipe) = (master, recipe ?? HashRecipe.Default);
        Make("", rounds: 1); // the first time loads and compiles what it needs
        var start = Stopwatch.GetTimestamp();
        Nobody = Make(Convert.ToHexString(RandomNumberGenerator.GetBytes(HashBytes)));
        var took = Stopwatch.GetElapsedTime(start);
        RefusesAfter = 2 * took < Longest ? 2 * took : Longest;
    }

    /// <summary>A hash that no password fits: verifying against it costs the same as against a real one.</summary>
    public string Nobody { get; }

    /// <summary>How long after it came a sign-in is refused, whatever was found meanwhile: twice what the hash took at the start of the node, at most a second.</summary>
    public TimeSpan RefusesAfter { get; }

    public string Make(string password) => Make(password, _recipe);

    internal string Make(string password, int rounds) => Make(password, _recipe with { Rounds = rounds });

    private string Make(string password, HashRecipe recipe)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Write(recipe, salt, Stretch(password, salt, recipe));
    }

    public bool Fits(string password, string stored)
    {
        var (recipe, salt, hash) = Read(stored);
        var fits = CryptographicOperations.FixedTimeEquals(Stretch(password, salt, recipe), hash);
        // One stored more cheaply takes as long as the others, so that the time tells nothing about an account.
        if (recipe.Rounds < _recipe.Rounds) Stretch(password, salt, _recipe with { Rounds = _recipe.Rounds - recipe.Rounds });
        return fits;
    }

    /// <summary>Stored by another recipe than the present one.</summary>
    public bool IsOutdated(string stored) => Read(stored).Recipe != _recipe;

    private byte[] Stretch(string password, byte[] salt, HashRecipe recipe) =>
        Rfc2898DeriveBytes.Pbkdf2(HMACSHA256.HashData(PepperOf(recipe.Pepper), Encoding.UTF8.GetBytes(password)), salt, recipe.Rounds, recipe.Algorithm, HashBytes);

    private byte[] PepperOf(int version) => _peppers.GetOrAdd(version, v => _master.Derive("identity.password-pepper." + v.ToString(CultureInfo.InvariantCulture)));

    private static string Write(HashRecipe recipe, byte[] salt, byte[] hash) =>
        string.Create(CultureInfo.InvariantCulture, $"{recipe.Scheme}:{recipe.Pepper}:{recipe.Rounds}:{Convert.ToBase64String(salt)}:{Convert.ToBase64String(hash)}");

    private static (HashRecipe Recipe, byte[] Salt, byte[] Hash) Read(string stored) => stored.Split(':') switch
    {
        [var scheme, var pepper, var rounds, var salt, var hash] =>
            (new HashRecipe(scheme, Number(pepper), Number(rounds)), Convert.FromBase64String(salt), Convert.FromBase64String(hash)),
        _ => throw new FormatException("A stored password has an unknown form."),
    };

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
