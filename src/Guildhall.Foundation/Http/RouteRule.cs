using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;

namespace Guildhall.Foundation.Http;

/// <summary>Who may use a route. Every route carries one; a route without one is shut to everyone.</summary>
public sealed record RouteRule(RouteAccess Access, Permission? Permission = null);

public enum RouteAccess { Anyone, SignedIn, WithPermission }

/// <summary>How often a route may be used.</summary>
public sealed record RouteLimit(RateClass Class);

/// <summary>Marks a route whose POST moves money: it needs an Idempotency-Key.</summary>
public sealed record IdempotentRoute;

/// <summary>Money, staff and security routes: the session row is read, never a cached copy.</summary>
public sealed record FreshSession;

/// <summary>A sensitive act, or a page that shows a secret: the person must have proven who they are within <see cref="Within"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StepUpRoute : Attribute
{
    /// <summary>How long a proof is good for sensitive acts.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromMinutes(10);
}

/// <summary>Serves people who have yet to set up the second factor that their role needs.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OpenBeforeSecondFactor : Attribute;

/// <summary>May be used by staff who look at the product as somebody else, though it is not a read.</summary>
public sealed record AllowedWhileImpersonating;

/// <summary>Shows what only the person themselves may see: shut to staff who look at the product as somebody else. On a route or a page.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ClosedWhileImpersonatingAttribute : Attribute;

/// <summary>Classes of the rate limiter; the numbers are in <see cref="RateLimits"/>.</summary>
public enum RateClass { General, Auth, Code, Money, Webhook, Stream, None, Page, Refresh }

/// <summary>The marks of a route, said where it is mapped.</summary>
public static class RouteMarks
{
    /// <summary>Needs this permission; reads the session row every time.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder route, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        route.With(new RouteRule(RouteAccess.WithPermission, permission), new FreshSession());

    /// <summary>Needs any signed-in person.</summary>
    public static TBuilder RequiresSignIn<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder =>
        route.With(new RouteRule(RouteAccess.SignedIn));

    /// <summary>Open to everyone.</summary>
    public static TBuilder ForAnyone<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder =>
        route.With(new RouteRule(RouteAccess.Anyone));

    public static TBuilder Limited<TBuilder>(this TBuilder route, RateClass rate) where TBuilder : IEndpointConventionBuilder =>
        route.With(new RouteLimit(rate));

    /// <summary>Needs an Idempotency-Key, replays the stored answer, reads the session row every time.</summary>
    public static TBuilder Idempotent<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder =>
        route.With(new IdempotentRoute(), new FreshSession(), new RouteLimit(RateClass.Money));

    /// <summary>Reads the session row, not a cached copy.</summary>
    public static TBuilder ChecksSessionRow<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.With(new FreshSession());

    /// <summary>A sensitive act (payout, e-mail, factors, roles): refused with <c>step_up_required</c> unless the person proved within ten minutes who they are.</summary>
    public static TBuilder RequiresStepUp<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.With(new StepUpRoute(), new FreshSession());

    /// <summary>Shows what only the person themselves may see: refused with <c>only_looking</c> to staff who look at the product as somebody else.</summary>
    public static TBuilder NotWhileImpersonating<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.With(new ClosedWhileImpersonatingAttribute());

    /// <summary>Serves staff who look at the product as somebody else, though it is not a read.</summary>
    public static TBuilder AlsoWhileImpersonating<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.With(new AllowedWhileImpersonating());

    private static TBuilder With<TBuilder>(this TBuilder route, params object[] marks) where TBuilder : IEndpointConventionBuilder
    {
        route.Add(endpoint => { foreach (var mark in marks) endpoint.Metadata.Add(mark); });
        return route;
    }
}

/// <summary>The rule of a page: <c>@attribute [PageRule(...)]</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PageRuleAttribute(RouteAccess access, string? permission = null) : Attribute
{
    public RouteRule Rule { get; } = new(access, permission is null ? null : new Permission(permission, ""));
}
