using Guildhall.Content.Previews;
using Guildhall.Content.Text;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guildhall.Web.Pages.Site;

/// <summary>Words that are not public, for whoever has the signed address: a document without an origin, which can neither run a script, send a form, nor read a cookie, and which no robot keeps.</summary>
internal static class PreviewRoute
{
    private const string Policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/preview/{token}", Show).ForAnyone().Limited(RateClass.Page).WithName(nameof(PreviewRoute)).ExcludeFromDescription();

    private static async Task<IResult> Show(string token, HttpContext http, Database database, CancellationToken stop, string locale = "en")
    {
        var headers = http.Response.Headers;
        headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        if (!(await ReadPreview.Run(database, token, ContentKinds.Locale(locale) ?? ContentLocale.En, stop)).Is(out var view, out var refusal)) return refusal.ToHttp();
        headers.ContentSecurityPolicy = Policy;
        // A browser shows no sandboxed document that asks for a group of its own.
        headers["Cross-Origin-Opener-Policy"] = "unsafe-none";
        return new RazorComponentResult<PreviewDocument>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(PreviewDocument.View)] = view });
    }
}
