using Guildhall.Content.Documents;
using Guildhall.Content.Text;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Content.Seed;

/// <summary>The demo site: pages, posts, work, testimonials, menus, a draft and newer words that wait. For sandbox mode only. A second time changes nothing.</summary>
public static class SeedContent
{
    /// <summary>Makes it while there is no text at all.</summary>
    /// <param name="service">A service to say something about, <c>srv_…</c>; null: none.</param>
    public static async Task Ensure(Database database, string? service, CancellationToken stop = default)
    {
        if (await database.Find<long>("select count(*) as texts from content.documents", stop: stop) > 0) return;
        foreach (var demo in DemoTexts.All) await database.InTransaction(tx => Put(tx, demo, demo.Subject), stop);
        if (service is not null) await database.InTransaction(tx => Put(tx, DemoTexts.OfService, service), stop);
    }

    private static async Task Put(Transaction tx, DemoText demo, string? subject)
    {
        var caller = Caller.System("seed");
        var made = (await CreateDocument.Run(tx, caller, new CreateDocument.Body(demo.Kind, new DocumentTexts(demo.En, demo.Ar), subject))).OrThrow();
        if (demo.IsPublic) (await PublishDocument.Run(tx, caller, made.Id, 1, new PublishDocument.Body(0))).OrThrow();
        if (demo.Next is { } next) (await SaveDocument.Run(tx, caller, made.Id, new SaveDocument.Body(1, new DocumentTexts(next, demo.Ar), "first figures of the autumn"))).OrThrow();
    }
}

internal sealed record DemoText(ContentKind Kind, LocaleText En, LocaleText? Ar = null, string? Subject = null, bool IsPublic = true, LocaleText? Next = null);
