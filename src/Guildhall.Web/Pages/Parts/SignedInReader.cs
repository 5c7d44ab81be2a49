using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Permissions;
using Guildhall.Identity.Sessions;
using Guildhall.Messaging.Inbox;
using Guildhall.Web.Components;
using Microsoft.AspNetCore.Components.Endpoints;

namespace Guildhall.Web.Pages.Parts;

/// <summary>Tells the page frame who is signed in: the session's own words, and one query for the unread count. Only for pages.</summary>
internal static class SignedInReader
{
    /// <summary>After the session check.</summary>
    public static void UseSignedInReader(this WebApplication app) => app.Use((http, next) =>
        http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && http.Caller().IsSignedIn ? SetThen(http, next) : next(http));

    private static async Task SetThen(HttpContext http, RequestDelegate next)
    {
        await Set(http);
        await next(http);
    }

    /// <param name="counted">False where nothing is shown and the unread count would be a query for nothing.</param>
    public static async Task Set(HttpContext http, bool counted = true)
    {
        var caller = http.Caller();
        if (!caller.IsSignedIn || http.Features.Get<ReaderPerson>() is not null) return;
        var services = http.RequestServices;
        if (!(await Me.Run(services.GetRequiredService<IdentityParts>(), caller, http.RequestAborted)).Is(out var me, out _)) return;
        var unread = !counted ? 0 : await ReadInbox.Unread(services.GetRequiredService<Database>(), caller.AccountId!.Value, http.RequestAborted);
        // A program's token on a page is nobody's browser: nothing is asked of it.
        var session = caller.ByCookie && (await CurrentSession.Run(services.GetRequiredService<IdentityParts>(), caller, http.RequestAborted)).Is(out var current, out _)
            ? new ReaderSession(current.IdleAt, current.ExpiresAt) : null;
        http.Features.Set(new ReaderPerson(me.DisplayName, caller.Roles.Contains(Roles.Provider), caller.Permissions.Count > 0, (int)unread, me.Id.ToString(), me.Language, me.Zone, caller.ImpersonatedBy is not null) { Session = session });
    }
}
