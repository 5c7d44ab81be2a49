using Guildhall.Foundation.Security;
using Guildhall.Identity.Passwords;

namespace Guildhall.Tests.Identity.Passwords;

public sealed class PasswordHashTests
{
    private static readonly MasterKey Master = new(World.MasterKey);

    [Fact]
    [Covers("asvs-11.2.2", "I-8")]
    public void Asvs_11_2_2_What_was_stored_by_another_scheme_pepper_or_cost_fits_and_is_seen_to_be_outdated()
    {
        var present = new PasswordHash(Master, new HashRecipe("pbkdf2-sha512", 2, 2000));
        foreach (var recipe in (HashRecipe[])[new("pbkdf2-sha512", 1, 2000), new("pbkdf2-sha256", 2, 2000), new("pbkdf2-sha512", 2, 1000), new("pbkdf2-sha512", 2, 3000)])
        {
            var stored = new PasswordHash(Master, recipe).Make(Person.Password);
            stored.ShouldStartWith($"{recipe.Scheme}:{recipe.Pepper}:{recipe.Rounds}:");
            present.Fits(Person.Password, stored).ShouldBeTrue();
            present.Fits(Person.Password + " ", stored).ShouldBeFalse();
            present.IsOutdated(stored).ShouldBeTrue();
        }
        present.IsOutdated(present.Make(Person.Password)).ShouldBeFalse();
    }

    [Fact]
    [Covers("I-8")]
    public async Task Where_two_want_a_core_the_hash_comes_second()
    {
        using var threads = new HashingThreads(1);
        var stat = await threads.TryRun(() => File.ReadAllText("/proc/thread-self/stat"), TestContext.Current.CancellationToken)!;
        stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16].ShouldBe("10"); // proc(5): nice
    }

    [Fact]
    [Covers("asvs-11.2.2")]
    public void Another_pepper_is_another_key()
    {
        var stored = new PasswordHash(Master, new HashRecipe("pbkdf2-sha512", 1, 1000)).Make(Person.Password);
        new PasswordHash(Master).Fits(Person.Password, stored.Replace(":1:1000:", ":2:1000:", StringComparison.Ordinal)).ShouldBeFalse();
        new PasswordHash(new MasterKey(new byte[32])).Fits(Person.Password, stored).ShouldBeFalse();
    }

    [Theory]
    [Covers("asvs-11.2.2")]
    [InlineData("pbkdf2-sha512:1:210000", true)]
    [InlineData("pbkdf2-sha512:2:400000", true)]
    [InlineData("pbkdf2-sha256:1:600000", true)]
    [InlineData("pbkdf2-sha256:1:210000", false)]
    [InlineData("pbkdf2-sha512:1:100000", false)]
    [InlineData("pbkdf2-sha512:0:210000", false)]
    [InlineData("md5:1:210000", false)]
    [InlineData("pbkdf2-sha512:1", false)]
    public void A_recipe_cheaper_than_allowed_is_not_taken(string text, bool good) => HashRecipe.TryParse(text, out _).ShouldBe(good);

    [Theory]
    [Covers("identity-28", "asvs-6.2.8")]
    [InlineData(" leading and trailing ")]
    [InlineData("leading and trailing")]
    [InlineData("LEADING and trailing")]
    [InlineData("leading and trailing\0")]
    public void Asvs_6_2_8_Every_byte_counts(string password)
    {
        var passwords = new PasswordHash(Master, HashRecipe.Default with { Rounds = 10 });
        var stored = passwords.Make(password);
        passwords.Fits(password, stored).ShouldBeTrue();
        foreach (var other in (string[])[password + " ", password.Trim() + "x", password.ToUpperInvariant(), password.TrimEnd('\0') + "\0\0"]) passwords.Fits(other, stored).ShouldBe(other == password);
    }
}
