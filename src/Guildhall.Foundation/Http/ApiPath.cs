using Microsoft.AspNetCore.Http;

namespace Guildhall.Foundation.Http;

/// <summary>Which requests are to the API.</summary>
public static class ApiPath
{
    /// <summary>Routing takes <c>/API</c> for <c>/api</c>, so no check may tell them apart.</summary>
    public static bool IsToApi(this HttpRequest request) => request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}
