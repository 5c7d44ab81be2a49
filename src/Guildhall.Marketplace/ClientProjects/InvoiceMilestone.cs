using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity;
using Guildhall.Money;
using Guildhall.Money.Invoices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>Issues the invoice of a milestone that the client has accepted, once: pressed again, on any node, it answers the same.
/// When that invoice is void and nothing replaced it, another is issued. Buyer, provider, amount, text and tax are the server's. Also after the project is over: what was accepted is owed.</summary>
public static class InvoiceMilestone
{
    /// <param name="DueDays">Until when it can be paid by its link, 1 to 90 days from now.</param>
    public sealed record Body(int DueDays = 14);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/client-projects/{id}/milestones/{milestone}/actions/invoice", async (ClientProjectId id, MilestoneId milestone, Body body, Caller caller, Database database, MasterKey key, CancellationToken stop) =>
            (await Run(database, key, caller, id, milestone, body, stop)).ToHttp())
        .WithName(nameof(InvoiceMilestone)).RequiresSignIn().Idempotent().Produces<ClientProjectView>();

    public static async Task<Result<ClientProjectView>> Run(Database database, MasterKey key, Caller caller, ClientProjectId id, MilestoneId milestone, Body body, CancellationToken stop)
    {
        var done = await database.InTransaction(tx => Issue(tx, key, caller, id, milestone, body.DueDays), stop);
        return await ReadClientProject.Answer(database, caller, id, done.Refusal, stop);
    }

    private static async Task<Result<Done>> Issue(Transaction tx, MasterKey key, Caller caller, ClientProjectId id, MilestoneId milestone, int dueDays)
    {
        if (!(await ClientProjectRows.LockToRun(tx, caller, id)).Is(out var project, out var no)) return no;
        if (await MilestoneRows.Find(tx, id, milestone) is not { } before) return MarketplaceRefusals.MilestoneNotFound;
        if (before.InvoiceId is { } earlier && await InvoiceStandings.Stands(tx, earlier)) return default(Done);
        if (before.State is not MilestoneState.Accepted || before.AmountIn(project.Currency) is not { } amount) return MarketplaceRefusals.MilestoneNotDue.With(("state", before.State));
        if (ProjectTexts.Refuse(("dueDays", dueDays is >= 1 and <= 90 ? null : "An invoice is due in 1 to 90 days.")) is { } wrong) return wrong;
        var invoice = tx.NewId<InvoiceId>();
        await tx.ChangeOne(Mark, new { milestone, invoice, before = before.InvoiceId });
        await ClientProjectRows.Note(tx, caller, project, ProjectEventKind.Invoiced, milestone);
        await tx.Audit(caller, "milestone.invoiced", "client_project", id.ToString(), after: new { milestone, invoice, amount });
        // The number is the last that is taken before the commit.
        var issued = await IssueInvoice.ForWork(tx, key, caller, invoice, new AccountId(project.ClientId), new AccountId(project.ProviderAccountId), $"{project.Title}: {before.Title}", amount, tx.Now.AddDays(dueDays));
        return issued.Refusal is { } refusal ? refusal : default(Done);
    }

    private const string Mark = "update marketplace.project_milestones set invoice_id = @invoice, revision = revision + 1 where id = @milestone and state = 'accepted' and invoice_id is not distinct from @before";
}
