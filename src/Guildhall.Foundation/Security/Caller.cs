using System.Net;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Foundation.Security;

/// <summary>Who acts. Built by the session check for people, by the worker for the product itself, by the webhook door for gateways.</summary>
public sealed record Caller
{
    public static readonly Caller Nobody = new() { Kind = CallerKind.Anonymous };

    public required CallerKind Kind { get; init; }

    /// <summary>The account; null unless <see cref="Kind"/> is <see cref="CallerKind.Person"/>.</summary>
    public Guid? AccountId { get; init; }

    public Guid? SessionId { get; init; }

    /// <summary>What the product calls itself here (a job, a gateway); null for people.</summary>
    public string? Name { get; init; }

    public IReadOnlySet<string> Roles { get; init; } = NoNames;
    public IReadOnlySet<string> Permissions { get; init; } = NoNames;

    /// <summary>Address of the socket or of the trusted proxy's hop, never a raw header.</summary>
    public IPAddress? Address { get; init; }

    public string? UserAgent { get; init; }
    public string? RequestId { get; init; }

    /// <summary>True when the person came with the browser's cookie rather than a bearer token.</summary>
    public bool ByCookie { get; init; }

    /// <summary>Id made when the request's idempotency key was first seen: the same on every retry with that key. A use case gives it to the
    /// thing it creates, so that a retry after a crash finds that thing.</summary>
    public Guid? OperationId { get; init; }

    /// <summary>When the person last proved who they are with everything their account asks for; null when nothing was proven in this session.
    /// Routes marked <c>RequiresStepUp</c> want it to be recent.</summary>
    public DateTimeOffset? ProvenAt { get; init; }

    /// <summary>A role of theirs needs a second factor and they have none: only routes marked <c>OpenBeforeSecondFactor</c> serve them.</summary>
    public bool LacksSecondFactor { get; init; }

    /// <summary>The member of staff who looks at the product as this person; such a caller may read and change nothing.</summary>
    public Guid? ImpersonatedBy { get; init; }

    public bool IsSignedIn => Kind == CallerKind.Person;

    public bool May(Permission permission) => Permissions.Contains(permission.Name) || Permissions.Contains(Permission.All);

    public bool Is(Guid accountId) => AccountId == accountId;

    /// <summary>The product itself: a job, a reaction, the seed.</summary>
    public static Caller System(string name) => new() { Kind = CallerKind.System, Name = name };

    /// <summary>A payment gateway whose message was verified.</summary>
    public static Caller Gateway(string name) => new() { Kind = CallerKind.Gateway, Name = name };

    private static readonly IReadOnlySet<string> NoNames = new HashSet<string>(0, StringComparer.Ordinal);

    /// <summary>Lets a handler take the caller as an argument.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext http) => ValueTask.FromResult(http.Caller());
}

public enum CallerKind { Anonymous, Person, System, Gateway }

/// <summary>Where a request keeps its caller.</summary>
public static class CallerOfRequest
{
    /// <summary>The caller the session check found; <see cref="Security.Caller.Nobody"/> with the address and request id when there was none.</summary>
    public static Caller Caller(this HttpContext http) => http.Features.Get<CallerFeature>()?.Caller
        ?? new Caller
        {
            Kind = CallerKind.Anonymous,
            Address = http.Connection.RemoteIpAddress,
            UserAgent = http.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null,
            RequestId = http.TraceIdentifier,
        };

    /// <summary>Sets the caller of this request.</summary>
    public static void SetCaller(this HttpContext http, Caller caller) => http.Features.Set(new CallerFeature(caller));

    private sealed record CallerFeature(Caller Caller);
}
