using Microsoft.AspNetCore.Http;

namespace Guildhall.Foundation.Http;

/// <summary>A request's body as it came, for signatures over raw bytes.</summary>
public static class WholeBody
{
    /// <summary>All of it, or null when it is longer than <paramref name="most"/> bytes; no more than that is kept meanwhile.</summary>
    public static async Task<byte[]?> Read(HttpRequest request, int most)
    {
        if (request.ContentLength > most) return null;
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > most) return null;
        }
        return buffer.ToArray();
    }
}
