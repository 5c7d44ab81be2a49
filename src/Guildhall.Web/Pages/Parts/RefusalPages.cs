using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guildhall.Web.Pages.Parts;

/// <summary>People at a page get a refusal as a page: programs, the API, streams and assets get the problem document.</summary>
internal static class RefusalPages
{
    private static readonly string[] ForPrograms = ["/api", "/events", "/assets", "/health", "/.well-known"];

    public static RefusalPage Hook { get; } = new(Show);

    private static async Task<bool> Show(HttpContext http, Refusal refusal)
    {
        if (!http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)) return false;
        if (ForPrograms.Any(path => http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))) return false;

        // A page that failed half-way has used up the services of its request, and left a header of the renderer's: this one starts afresh.
        var services = http.RequestServices;
        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        http.RequestServices = scope.ServiceProvider;
        http.Response.Headers.Remove("blazor-enhanced-nav");
        try
        {
            if (refusal.Status < 500) await SignedInReader.Set(http);
            var shown = http.Features.Get<PageRefused>() is { } page && page.Refusal.Status == refusal.Status ? page.Refusal : refusal;
            await new RazorComponentResult<RefusalDocument>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(RefusalDocument.Refusal)] = shown }) { StatusCode = refusal.Status }.ExecuteAsync(http);
        }
        finally { http.RequestServices = services; }
        return true;
    }
}

/// <summary>Why a page could not be shown, for the answer that takes its place.</summary>
internal sealed record PageRefused(Refusal Refusal);
