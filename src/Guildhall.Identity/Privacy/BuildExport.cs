using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Messaging;

namespace Guildhall.Identity.Privacy;

/// <summary>asked → ready. Asks every module for its section, and keeps the whole sealed with the person's key. A node makes one copy at a time, so that
/// copies never crowd out requests.</summary>
internal sealed record BuildExport(ExportId Export) : IJob
{
    public static string Kind => "build_export";

    /// <summary>How long a copy can be downloaded.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly SemaphoreSlim Turn = new(1, 1);
    private static readonly JsonSerializerOptions Readable = new(JsonRules.Options) { WriteIndented = true };

    /// <summary>What is sealed: the file, compressed.</summary>
    internal sealed record File(byte[] Gzip);

    public static async Task Run(JobContext context, BuildExport job)
    {
        if (!await Turn.WaitAsync(TimeSpan.Zero, context.Stop)) throw new RunAgainException(Pause);
        try
        {
            var account = await context.Database.Find<AccountId?>("select account_id from identity.exports where id = @Export and state = 'asked'", new { job.Export }, context.Stop);
            if (account is { } id) await Build(context, job.Export, id);
        }
        finally { Turn.Release(); }
    }

    private static async Task Build(JobContext context, ExportId export, AccountId account)
    {
        var sections = new Dictionary<string, object>(StringComparer.Ordinal) { ["madeAt"] = context.Database.Clock.GetUtcNow(), ["account"] = account };
        foreach (var part in context.Get<IEnumerable<PersonalData>>().OrderBy(p => p.Section, StringComparer.Ordinal)) sections[part.Section] = await part.Read(context.Database, account.Value, context.Stop);
        var file = JsonSerializer.SerializeToUtf8Bytes(sections, Readable);
        await context.Database.InTransaction(tx => Keep(tx, export, account, file), context.Stop);
    }

    private static async Task Keep(Transaction tx, ExportId export, AccountId account, byte[] file)
    {
        if (await tx.Find<ExportState?>("select state from identity.exports where id = @export for update", new { export }) is not ExportState.Asked) return;
        await tx.Change("delete from identity.exports where account_id = @account and state = 'ready'", new { account });
        await tx.ChangeOne(SetReady, new
        {
            export, now = tx.Now, expires = tx.Now + Kept, sealed_ = await PersonKeys.Seal(tx, account.Value, new File(Compressed(file))), bytes = file.Length, sha = SHA256.HashData(file),
        });
        await tx.Audit(Caller.System("export"), "export.ready", "export", export.ToString(), after: new { bytes = file.Length });
        await Notify.Person(tx, account.Value, "export_ready", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/account/data" }, uniqueKey: export.ToString());
    }

    private static byte[] Compressed(byte[] file)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal)) gzip.Write(file);
        return target.ToArray();
    }

    private const string SetReady = """
        update identity.exports set state = 'ready', ready_at = @now, expires_at = @expires, sealed = @sealed_, bytes = @bytes, sha256 = @sha where id = @export and state = 'asked'
        """;
}

/// <summary>Deletes copies whose time is over.</summary>
internal sealed record ForgetExports : IJob
{
    public static string Kind => "forget_exports";

    public static Task Run(Transaction tx, ForgetExports _) => tx.Change("delete from identity.exports where expires_at < @now", new { now = tx.Now });
}
