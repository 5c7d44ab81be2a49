using System.Collections.Concurrent;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Guildhall.Tests.Support;

/// <summary>A world whose visitors may say who they are (<c>X-Acting-As</c>), for parts that rest on a caller but not on how one signs in.
/// A session of such a caller ends when its id is put into <see cref="EndedSessions"/>.</summary>
public class ActingWorld : World
{
    public ConcurrentDictionary<Guid, bool> EndedSessions { get; } = new();

    /// <summary>Permissions of everybody who acts here.</summary>
    protected virtual IReadOnlySet<string> Granted { get; } = new HashSet<string>(StringComparer.Ordinal);

    protected override void Adjust(WebApplicationBuilder builder, int node)
    {
        builder.Services.AddSingleton<IStartupFilter>(new ActingFilter(Granted));
        // After the product's own parts, which would not know these sessions.
        builder.Host.ConfigureContainer<IServiceCollection>((_, services) =>
            services.AddSingleton(new StreamGuard((caller, _) => Task.FromResult(!EndedSessions.ContainsKey(caller.SessionId!.Value)))));
    }

    /// <summary>Somebody with an account, known to this world by its id alone.</summary>
    public Actor Actor(Guid? account = null) => new(this, account ?? Guid.CreateVersion7(), Guid.CreateVersion7());

    private sealed class ActingFilter(IReadOnlySet<string> granted) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                if (http.Request.Headers["X-Acting-As"].FirstOrDefault()?.Split(' ') is [{ } account, { } session])
                    http.SetCaller(new Caller
                    {
                        Kind = CallerKind.Person, AccountId = Guid.Parse(account), SessionId = Guid.Parse(session), Permissions = granted,
                        Address = http.Connection.RemoteIpAddress,
                    });
                return rest(http);
            });
            next(app);
        };
    }
}

/// <summary>A caller of an <see cref="ActingWorld"/>.</summary>
public sealed class Actor(World world, Guid account, Guid session) : Visitor(world)
{
    public Guid Account => account;
    public Guid Session => session;
    public (string Name, string Value) Header => ("X-Acting-As", $"{account} {session}");

    public new Task<Answer> Get(string path) => Send(HttpMethod.Get, path, null, Header);
    public new Task<Answer> Post(string path, object? body = null, string? key = null) =>
        Send(HttpMethod.Post, path, body is null ? null : System.Net.Http.Json.JsonContent.Create(body), Header, ("Idempotency-Key", key ?? Guid.NewGuid().ToString()));
    public new Task<Answer> Patch(string path, object body) => Send(HttpMethod.Patch, path, System.Net.Http.Json.JsonContent.Create(body), Header);
}
