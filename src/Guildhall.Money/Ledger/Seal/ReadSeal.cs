using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Ledger.Seal;

/// <summary>How far the seal is, and whether checkpoints reach the file outside the database.</summary>
public static class ReadSeal
{
    /// <summary>From here on the seal lags too far behind; health warns, and fails at sixty times as much.</summary>
    public const int LagWarnSeconds = 60;

    /// <param name="Size">Journals sealed.</param>
    /// <param name="Unsealed">Journals that wait, counted to 10,000.</param>
    /// <param name="Foreign">True when this copy came from elsewhere and no new epoch was begun: its journals bear transaction ids this server has not reached.</param>
    /// <param name="FileProblem">Why checkpoints do not reach the file; null when they do.</param>
    public sealed record State(int Epoch, long Size, DateTimeOffset? SealedAt, long Unsealed, long LagSeconds, long? Checkpoint, long? CheckpointSize, DateTimeOffset? SignedAt, string? Kid,
        bool Foreign, string? File, long FileCheckpoint, string? FileProblem);

    private sealed record Row(int Epoch, long Size, DateTimeOffset? SealedAt, long Unsealed, DateTimeOffset? Oldest, long? Checkpoint, long? CheckpointSize, DateTimeOffset? SignedAt, string? Kid, bool IsForeign);

    internal static void Map(IEndpointRouteBuilder ledger) => ledger
        .MapGet("/seal", async (Database database, CheckpointFile file, CancellationToken stop) => Results.Ok(await Run(database, file, stop)))
        .WithName(nameof(ReadSeal)).Requires(MoneyPermissions.LedgerView).Produces<State>();

    public static async Task<State> Run(Database database, CheckpointFile file, CancellationToken stop)
    {
        var row = (await database.Find<Row>(StateSql, stop: stop))!;
        var lag = row.Oldest is { } oldest ? Math.Max(0, (long)(database.Clock.GetUtcNow() - oldest).TotalSeconds) : 0;
        return new State(row.Epoch, row.Size, row.SealedAt, row.Unsealed, lag, row.Checkpoint, row.CheckpointSize, row.SignedAt, row.Kid, row.IsForeign, file.Path, file.WrittenId,
            file.Path is null ? "No file is set: GUILDHALL_LEDGER_CHECKPOINTS. A rewrite of the whole database by its owner could not be proven." : file.Problem);
    }

    private const string StateSql = """
        with s as (select c.first + cardinality(c.journals) as size, c.epoch, c.tx, c.journal_id, c.sealed_at from money.seal_chunks c order by c.first desc limit 1),
        k as (select c.id, c.size, c.signed_at, c.kid from money.seal_checkpoints c order by c.id desc limit 1),
        f as (select coalesce((select m.floor_id from s, money.moments m where (m.epoch, m.xid) <= (s.epoch, s.tx) order by m.epoch desc, m.xid desc limit 1), 0) as floor_id),
        w as (
            select j.posted_at from f, money.journals j left join s on true
            where j.id > f.floor_id and (j.epoch, j.tx, j.id) > (coalesce(s.epoch, 0), coalesce(s.tx, '0'::xid8), coalesce(s.journal_id, 0)) limit 10000),
        n as (select j.epoch, j.tx from money.journals j order by j.id desc limit 1)
        select b.epoch, coalesce(s.size, 0)::bigint as size, s.sealed_at, (select count(*) from w) as unsealed, (select min(w.posted_at) from w) as oldest,
            k.id as checkpoint, k.size as checkpoint_size, k.signed_at, k.kid,
            coalesce(n.epoch = b.epoch and n.tx >= pg_snapshot_xmax(pg_current_snapshot()), false) as is_foreign
        from money.books b left join s on true left join k on true left join n on true
        """;
}
