using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Foundation.Http;

/// <summary>The Idempotency-Key of routes that move money. The key, its caller, route and body hash are committed first (state started, with a
/// lease); then the route runs; then the answer is stored, encrypted, for 30 days; after them the key still names its operation. The same key and body replays it; another body is refused;
/// a running key is waited for a moment and then refused with Retry-After. After a crash the lease runs out and a retry runs the route again
/// with the same <see cref="Caller.OperationId"/>, so that the use case finds what the first run had made.</summary>
public sealed class Idempotency(Database database, MasterKey master)
{
    private const string Purpose = "idempotency-response";
    private const int MaxBody = 64 * 1024;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    private sealed record Row(Guid OperationId, byte[] BodyHash, string State, DateTimeOffset LeaseUntil, int? Status, byte[]? Response, bool Mine);
    private sealed record Stored(string ContentType, string? Location, string Body, string[]? SetCookie = null);

    /// <summary>Adds the behaviour to every route marked idempotent. After the route rules.</summary>
    public static void Use(WebApplication app)
    {
        var idempotency = app.Services.GetRequiredService<Idempotency>();
        app.Use((http, next) => http.GetEndpoint()?.Metadata.GetMetadata<IdempotentRoute>() is null || HttpMethods.IsGet(http.Request.Method) ? next(http) : idempotency.Run(http, next));
    }

    private async Task Run(HttpContext http, RequestDelegate next)
    {
        var caller = http.Caller();
        var body = await ReadBody(http);
        var key = KeyOf(http, body);
        if (key is null) { await Problems.Write(http, FoundationRefusals.IdempotencyKeyMissing); return; }
        // Routes are found whatever the case and with a slash at the end: one key is one operation for every spelling.
        var path = http.Request.Path.Value!.TrimEnd('/').ToLowerInvariant();
        var scope = $"{caller.AccountId?.ToString("n") ?? "anonymous"} {http.Request.Method} {path}";
        var hash = HashOf(http, body);
        var row = await Take(scope, key, hash, http.RequestAborted);
        if (!row.BodyHash.AsSpan().SequenceEqual(hash)) { await Problems.Write(http, FoundationRefusals.IdempotencyKeyReused); return; }
        if (!row.Mine)
        {
            if (row.State is "done") await Replay(http, scope, key, row);
            else await Problems.Write(http, FoundationRefusals.IdempotencyInProgress);
            return;
        }
        http.SetCaller(caller with { OperationId = row.OperationId });
        await RunAndStore(http, next, scope, key, row.OperationId);
    }

    // An API client sends a header; a form carries the key minted with the page in a hidden field.
    private static string? KeyOf(HttpContext http, byte[] body)
    {
        var key = http.Request.Headers["Idempotency-Key"] is [{ } header] ? header.Trim() : null;
        if (http.Request.HasFormContentType)
        {
            string[] fields = [.. Encoding.UTF8.GetString(body).Split('&').Where(f => f.StartsWith("idempotencyKey=", StringComparison.Ordinal)).Select(f => f["idempotencyKey=".Length..])];
            // Two keys are two intents: neither is taken.
            if (fields.Length > 1 || (fields is [var field] && key is not null && !string.Equals(field, key, StringComparison.Ordinal))) return null;
            key ??= fields is [var only] ? only : null;
        }
        return key is { Length: >= 1 and <= 200 } && key.All(c => c is > ' ' and < (char)127) ? key : null;
    }

    private static async Task<byte[]> ReadBody(HttpContext http)
    {
        if (http.Request.ContentLength > MaxBody) throw new BadHttpRequestException("Too large", 413);
        using var buffer = new MemoryStream();
        var chunk = ArrayPool<byte>.Shared.Rent(8192);
        try
        {
            for (int read; (read = await http.Request.Body.ReadAsync(chunk, http.RequestAborted)) > 0;)
            {
                buffer.Write(chunk, 0, read);
                if (buffer.Length > MaxBody) throw new BadHttpRequestException("Too large", 413);
            }
        }
        finally { ArrayPool<byte>.Shared.Return(chunk); }
        http.Request.Body = new MemoryStream(buffer.ToArray());
        return buffer.ToArray();
    }

    // JSON that means the same hashes the same: members sorted, white space gone, 10 and 10.0 equal. A form hashes without its antiforgery token.
    private static byte[] HashOf(HttpContext http, byte[] body)
    {
        if (http.Request.HasFormContentType)
            return SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('&', Encoding.UTF8.GetString(body).Split('&').Where(f => !f.StartsWith("__", StringComparison.Ordinal)))));
        if (body.Length == 0) return SHA256.HashData(body);
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
        var text = new StringBuilder();
        // Text that is no text (a broken character) shows only when it is read.
        try { Canonical(document.RootElement, text); }
        catch (InvalidOperationException) { throw new JsonException("A text is not UTF-8."); }
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Canonical(JsonElement element, StringBuilder text)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    text.Append(JsonSerializer.Serialize(member.Name)).Append(':');
                    Canonical(member.Value, text);
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in element.EnumerateArray()) { Canonical(item, text); text.Append(','); }
                text.Append(']');
                break;
            case JsonValueKind.Number when element.TryGetDecimal(out var number):
                text.Append((number / 1.000000000000000000000000000m).ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            default:
                text.Append(element.ValueKind == JsonValueKind.String ? JsonSerializer.Serialize(element.GetString()) : element.GetRawText());
                break;
        }
    }

    private async Task<Row> Take(string scope, string key, byte[] hash, CancellationToken stop)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var real = TimeProvider.System.GetUtcNow();
            var row = await database.Find<Row>(TakeSql, new { scope, key, hash, operationId = Guid.CreateVersion7(), real, lease = real + Lease, expires = real + Retention }, stop)
                ?? await database.Find<Row>(ReadSql, new { scope, key }, stop);
            if (row is { } found && (found.Mine || found.State is "done" || real > deadline)) return found;
            await Task.Delay(25, stop);
        }
    }

    private async Task RunAndStore(HttpContext http, RequestDelegate next, string scope, string key, Guid operation)
    {
        var client = http.Response.Body;
        using var copy = new MemoryStream();
        http.Response.Body = copy;
        try { await next(http); }
        catch
        {
            http.Response.Body = client;
            await database.Change(ReleaseSql, new { scope, key, operation, real = TimeProvider.System.GetUtcNow() }, CancellationToken.None);
            throw;
        }
        http.Response.Body = client;
        if (http.Response.StatusCode is >= 500 or 401 or 403 or 429)
            await database.Change(ReleaseSql, new { scope, key, operation, real = TimeProvider.System.GetUtcNow() }, CancellationToken.None);
        else
        {
            var stored = new Stored(http.Response.ContentType ?? "", http.Response.Headers.Location, Encoding.UTF8.GetString(copy.ToArray()), http.Response.Headers.SetCookie!);
            var response = master.Seal(Purpose, scope + key, JsonSerializer.SerializeToUtf8Bytes(stored));
            await database.Change(StoreSql, new { scope, key, operation, status = http.Response.StatusCode, response }, CancellationToken.None);
        }
        copy.Position = 0;
        await copy.CopyToAsync(client, http.RequestAborted);
    }

    private async Task Replay(HttpContext http, string scope, string key, Row row)
    {
        var stored = JsonSerializer.Deserialize<Stored>(master.Open(Purpose, scope + key, row.Response))!;
        http.Response.StatusCode = row.Status!.Value;
        http.Response.Headers["Idempotency-Replayed"] = "true";
        if (stored.ContentType.Length > 0) http.Response.ContentType = stored.ContentType;
        if (stored.Location is not null) http.Response.Headers.Location = stored.Location;
        if (stored.SetCookie is { Length: > 0 } cookies) http.Response.Headers.SetCookie = cookies;
        if (stored.Body.Length > 0) await http.Response.WriteAsync(stored.Body, http.RequestAborted);
    }

    private const string TakeSql = """
        insert into foundation.idempotency as i (scope, key, operation_id, body_hash, state, lease_until, expires_at)
        values (@scope, @key, @operationId, @hash, 'started', @lease, @expires)
        on conflict (scope, key) do update set lease_until = excluded.lease_until, expires_at = excluded.expires_at
            where i.state = 'started' and i.lease_until < @real and i.body_hash = excluded.body_hash
        returning operation_id, body_hash, state, lease_until, status, response, true as mine
        """;

    private const string ReadSql = "select operation_id, body_hash, state, lease_until, status, response, false as mine from foundation.idempotency where scope = @scope and key = @key";

    private const string StoreSql = """
        update foundation.idempotency set state = 'done', status = @status, response = @response where scope = @scope and key = @key and operation_id = @operation and state = 'started'
        """;

    private const string ReleaseSql = """
        update foundation.idempotency set lease_until = @real where scope = @scope and key = @key and operation_id = @operation and state = 'started'
        """;
}
