using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Guildhall.Identity.Passwords;
using Guildhall.Web.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Guildhall.Tests.Identity.Passwords;

/// <summary>A world in which hashing is cheap and every line of the log is kept.</summary>
public sealed partial class PasswordWorld : World
{
    public const string First = "six patient velvet anchors", Second = "nine crooked amber ladders";

    internal ConcurrentQueue<string> Log { get; } = new();

    internal override HostSettings Configure(HostSettings settings, int node) => settings with { PasswordHash = HashRecipe.Default with { Rounds = 1000 } };

    protected override void Adjust(WebApplicationBuilder builder, int node) => builder.Logging.AddProvider(new Keeper(Log));

    /// <summary>What the link of the newest mail carries, once so many such mails have come.</summary>
    public async Task<string> ResetToken(string address, int count = 1)
    {
        var mails = await Eventually.Get(async () => (await Gateway.MailTo(address)).Select(m => m.GetProperty("text").GetString()!).Where(t => Link().IsMatch(t)).ToArray(),
            found => found.Length >= count, $"{count} links to {address} were expected");
        return Link().Match(mails[0]).Groups[1].Value;
    }

    /// <summary>Somebody forgets the password and gets the link.</summary>
    public async Task<string> Forgets(Person person, int count = 1)
    {
        (await Visitor().Post("auth/password-resets", new { email = person.Email })).Must(202);
        return await ResetToken(person.Email, count);
    }

    public Task<Answer> Resets(string token, string password = First) => Visitor().Post("auth/password-resets/actions/complete", new { token, password });

    public Task<Answer> SignsIn(string email, string password, string? deviceToken = null) => Visitor().Post("auth/sign-in", new { email, password, deviceToken });

    /// <summary>The person's program takes a new access token of the same session.</summary>
    public async Task Refreshes(Person person) => person.Token = (await Visitor().Post("auth/refresh", new { refreshToken = person.RefreshToken })).Must().Word("accessToken");

    /// <summary>A confirmed authenticator app, as the account would have it.</summary>
    public async Task HasAuthenticator(Person person)
    {
        await Database.Execute("insert into identity.totp (account_id, secret, created_at, confirmed_at) values ($1, '\\x00', now(), now())", person.Id);
        await Database.Execute("update identity.accounts set second_factor = true where id = $1", person.Id);
    }

    [GeneratedRegex("reset-password#([A-Za-z0-9_-]{43})", RegexOptions.None, 1000)]
    private static partial Regex Link();

    private sealed class Keeper(ConcurrentQueue<string> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public bool IsEnabled(LogLevel logLevel) => true;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public void Dispose() { }
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => log.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
    }
}
