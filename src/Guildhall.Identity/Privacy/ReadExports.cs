using System.IO.Compression;
using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Privacy;

/// <summary>One's own copies, newest first.</summary>
public static class ListExports
{
    public sealed record Answer(IReadOnlyList<ExportView> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/me/exports", async (Caller caller, Database database, CancellationToken stop) => ((Result<Answer>)new Answer(await Run(database, caller.AccountId!.Value, stop))).ToHttp())
        .WithName(nameof(ListExports)).RequiresSignIn().ChecksSessionRow().NotWhileImpersonating().Produces<Answer>();

    public static Task<IReadOnlyList<ExportView>> Run(Database database, Guid account, CancellationToken stop) => database.List<ExportView>("""
        select id, state, asked_at, ready_at, expires_at, bytes, encode(sha256, 'hex') as sha256 from identity.exports
        where account_id = @account and (expires_at is null or expires_at > @now) order by id desc limit 20
        """, new { account, now = database.Clock.GetUtcNow() }, stop);
}

/// <summary>The file of a copy, to its owner, with a fresh proof that it is them.</summary>
public static class DownloadExport
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/me/exports/{id}/file", async (ExportId id, Caller caller, Database database, CancellationToken stop) => ToHttp(await Run(database, caller, id, stop)))
        .WithName(nameof(DownloadExport)).RequiresSignIn().RequiresStepUp().NotWhileImpersonating().Produces(200, contentType: "application/json");

    private sealed record Kept(DateTimeOffset? ExpiresAt, byte[]? Sealed);

    public static async Task<Result<byte[]>> Run(Database database, Caller caller, ExportId id, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        var kept = await database.Find<Kept>("select expires_at, sealed from identity.exports where id = @id and account_id = @account", new { id, account }, stop);
        if (kept?.Sealed is null || kept.ExpiresAt <= database.Clock.GetUtcNow() || await PersonKeys.Open(database, account, kept.Sealed, stop) is not { } file) return FoundationRefusals.NotFound;
        await database.InTransaction(tx => tx.Audit(caller, "export.downloaded", "export", id.ToString()), stop);
        return Plain(file.Deserialize<BuildExport.File>(JsonRules.Options)!.Gzip);
    }

    /// <summary>The answer of a route or page.</summary>
    public static IResult ToHttp(Result<byte[]> file) => file.Is(out var found, out var refusal) ? Results.File(found, "application/json; charset=utf-8", "guildhall-my-data.json") : refusal.ToHttp();

    private static byte[] Plain(byte[] compressed)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress)) gzip.CopyTo(target);
        return target.ToArray();
    }
}
