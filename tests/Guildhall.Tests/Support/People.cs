using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;

namespace Guildhall.Tests.Support;

/// <summary>Somebody with an account, signed in with a bearer token.</summary>
public sealed class Person(World world, Guid id, string email) : Visitor(world)
{
    public const string Password = "five heavy copper lanterns";

    public Guid Id { get; } = id;
    public string Email { get; } = email;
    public string RefreshToken { get; private set; } = "";
    public string Session { get; private set; } = "";

    /// <summary>The same person with another device.</summary>
    public async Task<Person> OnAnotherDevice()
    {
        var again = new Person(World, Id, Email);
        return await again.SignsIn();
    }

    internal Person Has(TokenPair pair)
    {
        (Token, RefreshToken, Session) = (pair.AccessToken, pair.RefreshToken, pair.Session.Id.ToString());
        return this;
    }

    /// <summary>Acts from now on with the tokens of this answer, or with those that stand under a name in it.</summary>
    public Person Takes(Answer answer, string? under = null)
    {
        var at = under is null ? "" : under + ".";
        (Token, RefreshToken, Session) = (answer.Word(at + "accessToken"), answer.Word(at + "refreshToken"), answer.Word(at + "session.id"));
        return this;
    }

    /// <summary>Time passes for this person's session too: its access token, which runs out in ten minutes, is replaced after that.</summary>
    public async Task<Person> Waits(TimeSpan time)
    {
        await World.Clock.Passes(time);
        return Takes((await World.Visitor().Post("auth/refresh", new { refreshToken = RefreshToken })).Must());
    }

    /// <summary>Signs in and acts with that session from now on.</summary>
    public async Task<Person> SignsIn(string password = Password)
    {
        return Takes((await World.Visitor().Post("auth/sign-in", new { email = Email, password })).Must());
    }
}

/// <summary>People of a world.</summary>
public static class People
{
    private static int _count;

    /// <summary>A new person with these roles (customer when none is said), confirmed and signed in (without the slow password check).</summary>
    public static async Task<Person> Person(this World world, params string[] roles)
    {
        var person = await world.NotYetSignedIn(roles);
        var signedIn = await world.Data().InTransaction(tx =>
            OpenSession.Run(tx, world.Get<AccessTokens>(), Guildhall.Foundation.Security.Caller.Nobody with { Address = System.Net.IPAddress.Loopback }, new AccountId(person.Id), 1, SessionKind.Bearer,
                new SessionProof(1, tx.Now, Guildhall.Identity.Proofs.ProofMethod.Password, null)));
        return person.Has(signedIn.Tokens!);
    }

    /// <summary>A new person with these roles, confirmed.</summary>
    public static async Task<Person> NotYetSignedIn(this World world, params string[] roles)
    {
        var email = $"person{Interlocked.Increment(ref _count)}@example.test";
        var id = await world.Data().InTransaction(tx => SeedAccounts.Ensure(tx, email, "Somebody Else", Support.Person.Password, roles.Length == 0 ? ["customer"] : roles, "en", "Asia/Kuwait"));
        return new Person(world, id, email);
    }

    /// <summary>The caller a signed-in person's request would have, for use cases called directly.</summary>
    public static Caller Caller(this Person person) => new() { Kind = CallerKind.Person, AccountId = person.Id };
}
