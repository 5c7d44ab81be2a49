using Guildhall.Content;
using Guildhall.Content.Documents;
using Guildhall.Content.Schedules;
using Guildhall.Content.Text;
using Guildhall.Foundation.Security;

namespace Guildhall.Tests.Content;

/// <summary>What staff do with the texts of a world's site, as sentences say it.</summary>
internal sealed class Writer(World world)
{
    private static int _count;

    /// <summary>Who writes; another member of staff is another writer.</summary>
    public Caller Caller { get; } = new() { Kind = CallerKind.Person, AccountId = Guid.CreateVersion7() };

    /// <summary>A word that stands nowhere else.</summary>
    public static string Word() => $"kumquat{Interlocked.Increment(ref _count)}x";

    public static DocumentTexts English(string title, string slug = "", string body = "Words.", string summary = "") => new(new LocaleText(title, body, slug, summary));

    public async Task<DocumentId> Writes(ContentKind kind, DocumentTexts texts, string? subject = null) =>
        (await world.Data().InTransaction(tx => CreateDocument.Run(tx, Caller, new CreateDocument.Body(kind, texts, subject)))).OrThrow().Id;

    public Task<Result<SaveDocument.Saved>> Saves(DocumentId id, int seen, DocumentTexts texts, int node = 0) =>
        world.Data(node).InTransaction(tx => SaveDocument.Run(tx, Caller, id, new SaveDocument.Body(seen, texts)));

    public Task<Result<Done>> Publishes(DocumentId id, int version, int seen = 0, int node = 0) =>
        world.Data(node).InTransaction(tx => PublishDocument.Run(tx, Caller, id, version, new PublishDocument.Body(seen)));

    public Task<Result<Done>> Withdraws(DocumentId id, int seen) => world.Data().InTransaction(tx => UnpublishDocument.Run(tx, Caller, id, new UnpublishDocument.Body(seen)));

    public Task<Result<ScheduleDocument.Waits>> Schedules(DocumentId id, ScheduledAct act, string at, string zone, int? version = null) =>
        world.Data().InTransaction(tx => ScheduleDocument.Run(tx, Caller, id, act, new ScheduleDocument.Body(at, zone, version)));

    /// <summary>A text with its first version public.</summary>
    public async Task<DocumentId> HasPublished(ContentKind kind, DocumentTexts texts, string? subject = null)
    {
        var id = await Writes(kind, texts, subject);
        (await Publishes(id, 1)).OrThrow();
        return id;
    }

    public async Task<ReadDocument.View> Reads(DocumentId id) => (await ReadDocument.Run(world.Data(), id, null, default)).OrThrow();
}
