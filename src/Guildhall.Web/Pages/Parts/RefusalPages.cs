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
        if (ForPrograms.Any(path => http.Request.Path.StartsWithSegments(path, StringComparison.Ordinal))) return false;

        // A page that failed half-way has used up the services of its request: this one gets its own.
        await using var scope = http.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        http.RequestServices = scope.ServiceProvider;
        if (refusal.Status < 500) await SignedInReader.Set(http);
        var page = new RazorComponentResult<RefusalDocument>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(RefusalDocument.Refusal)] = refusal }) { StatusCode = refusal.Status };
        await page.ExecuteAsync(http);
        return true;
    }
}
