using System.Security.Cryptography;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Reconciliation;

/// <summary>A report is given in as a file. It is read as it arrives and never held in memory; a file that was given in before answers its first run. With
/// <c>hold</c> it waits, counted and compared with what is known, until somebody says go on.</summary>
public static class ReceiveReport
{
    public const long MaxBytes = 512L * 1024 * 1024;

    /// <summary>As long as an upload may take.</summary>
    public static RouteTime Time { get; } = new(TimeSpan.FromMinutes(15));

    /// <param name="Known">True when this very file was given in before; nothing was read again.</param>
    public sealed record View(ReconciliationId Id, string State, int Rows, bool Known);

    private sealed record Limit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/reconciliation/reports", async (string source, string format, string? name, bool? hold, HttpContext http, Caller caller, Database database) =>
            Formats.TryGetValue(format, out var known)
                ? (await Run(database, caller, source, known, name, hold ?? false, http.Request.Body, http.RequestAborted)).ToHttp(201)
                : MoneyRefusals.ReportFormatUnknown.ToHttp())
        .WithName(nameof(ReceiveReport)).Requires(MoneyPermissions.ReconciliationRun).Produces<View>(201).WithMetadata(new Limit(MaxBytes), Time, new RawBody());

    /// <summary>The formats a file can have, by name.</summary>
    private static readonly Dictionary<string, ReportFormat> Formats = new(StringComparer.Ordinal)
    {
        ["stripe_csv"] = ReportFormat.StripeCsv, ["plain_csv"] = ReportFormat.PlainCsv, ["camt053"] = ReportFormat.Camt053,
    };

    /// <summary>The side is told by the format, and for our own layout by the name of the source: banks are called <c>bank-…</c>.</summary>
    public static async Task<Result<View>> Run(Database database, Caller caller, string source, ReportFormat format, string? name, bool hold, Stream body, CancellationToken stop)
    {
        if (!IsName(source)) return MoneyRefusals.ReportSourceInvalid;
        var side = format == ReportFormat.Camt053 || source.StartsWith("bank-", StringComparison.Ordinal) ? ReportSide.Bank : ReportSide.Gateway;
        var now = database.Clock.GetUtcNow();
        var title = name is { Length: >= 1 and <= 200 } ? name : $"{source} {now:yyyy-MM-dd}";
        var run = new Run(Id.New<ReconciliationId>(now), source, side, format, title, RunState.Receiving, null, null, null, 0, 0, 0, null, caller.AccountId, now, null);
        await database.InTransaction(tx => Runs.Open(tx, run, run.Id.Value.ToByteArray(), EndUploads.NextLease), stop);
        try
        {
            using var hash = SHA256.Create();
            await using var hashed = new CryptoStream(body, hash, CryptoStreamMode.Read, leaveOpen: true);
            var (stage, stated) = (new StageReport(database, run), new Dictionary<Currency, StatedBalance>());
            await foreach (var row in Read(format, hashed, stated, stop)) await stage.Add(row, stop);
            await hashed.CopyToAsync(Stream.Null, stop);
            await stage.Flush(stop);
            if (stage.Rows == 0 && stated.Count == 0) return await GivenUp(database, run, MoneyRefusals.ReportEmpty);
            if (await FirstOf(database, source, hash.Hash!, stop) is { } before) return await GivenUp(database, run, before);
            return await Finish(database, caller, run, stage, stated, hash.Hash!, hold, stop);
        }
        catch (ReportUnreadableException problem)
        {
            return await GivenUp(database, run, MoneyRefusals.ReportUnreadable.Saying($"Row {problem.Row}: {problem.Why} Nothing of the report was kept.").With(("row", problem.Row), ("why", problem.Why)));
        }
        catch (BadHttpRequestException problem) when (problem.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return await GivenUp(database, run, MoneyRefusals.ReportTooLarge);
        }
        catch (OverflowException)
        {
            return await GivenUp(database, run, MoneyRefusals.ReportUnreadable.Saying("The sums of the report do not fit."));
        }
        catch
        {
            await EndUploads.End(database, run.Id, RunState.Lost, EndUploads.CutOff, CancellationToken.None);
            throw;
        }
    }

    internal static bool IsName(string source) => source.Length is > 0 and <= 40 && char.IsAsciiLetterOrDigit(source[0]) && source.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');

    private static IAsyncEnumerable<ReportRow> Read(ReportFormat format, Stream body, Dictionary<Currency, StatedBalance> stated, CancellationToken stop) => format switch
    {
        ReportFormat.StripeCsv => StripeCsv.Read(body, stop),
        ReportFormat.PlainCsv => PlainCsv.Read(body, stated, stop),
        ReportFormat.Camt053 => Camt053.Read(body, stated, stop),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "A window of an API is no file."),
    };

    private static async Task<Result<View>> Finish(Database database, Caller caller, Run run, StageReport stage, Dictionary<Currency, StatedBalance> stated, byte[] hash, bool hold, CancellationToken stop)
    {
        var state = hold ? RunState.Held : RunState.Matching;
        var first = await database.InTransaction(async tx =>
        {
            var kept = await tx.Attempt(async () => await tx.ChangeOne("""
                update money.reconciliations set fingerprint = @hash, state = @state, rows = @Rows, from_at = @First, to_at = @Last, lease_until = null, changed_at = @now where id = @Id and state = 'receiving'
                """, new { run.Id, hash, state, stage.Rows, stage.First, stage.Last, now = tx.Now }), "reconciliations_once");
            if (!kept) return false;
            await stage.Sum(tx, stated);
            await tx.Audit(caller, "reconciliation.received", "reconciliation", run.Id.ToString(), after: new { run.Source, run.Name, run.Format, stage.Rows, hash = Convert.ToHexStringLower(hash), hold });
            if (!hold) await tx.Enqueue(new Reconcile(run.Id), uniqueKey: run.Id.ToString());
            return true;
        }, stop);
        return first ? new View(run.Id, Names.Of(state), stage.Rows, Known: false) : await GivenUp(database, run, (await FirstOf(database, run.Source, hash, stop))!);
    }

    private static async Task<View?> FirstOf(Database database, string source, byte[] hash, CancellationToken stop) =>
        await database.Find<Run>($"select {Runs.Columns} from money.reconciliations where source = @source and fingerprint = @hash and state not in ('receiving', 'discarded', 'lost')", new { source, hash }, stop)
            is { } run ? new View(run.Id, Names.Of(run.State), run.Rows, Known: true) : null;

    private static async Task<Result<View>> GivenUp(Database database, Run run, Result<View> answer)
    {
        await EndUploads.End(database, run.Id, RunState.Discarded, answer.Refusal?.Sentence ?? "The same report was given in before.", CancellationToken.None);
        return answer;
    }
}
