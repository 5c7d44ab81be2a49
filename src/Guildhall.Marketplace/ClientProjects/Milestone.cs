using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Money;
using Guildhall.Money.Invoices;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>planned → in progress → delivered → accepted by the client, or → changes requested by the client → in progress.</summary>
public enum MilestoneState { Planned, InProgress, Delivered, Accepted, ChangesRequested }

/// <summary>What is done to a milestone. <c>Accept</c>, <c>RequestChanges</c>: by the client alone.</summary>
public enum MilestoneAct { Start, Deliver, Accept, RequestChanges }

/// <summary>A piece of a project that is delivered and accepted as a whole. The amount is in the currency of the project; the client accepts it with the revision that they saw.</summary>
internal sealed record Milestone(MilestoneId Id, ClientProjectId ProjectId, int No, string Title, DateOnly DueOn, long? AmountMinor, MilestoneState State, int Revision, DateTimeOffset? DeliveredAt,
    DateTimeOffset? AcceptedAt, InvoiceId? InvoiceId)
{
    /// <summary>Title, day and amount may be changed: the client is not asked to accept it, nor has.</summary>
    public bool IsOpen => State is not (MilestoneState.Delivered or MilestoneState.Accepted);

    public Amount? AmountIn(Currency currency) => AmountMinor is { } minor ? new Amount(minor, currency) : null;

    public MilestoneView ToView(Currency currency, InvoiceStanding? invoice) => new(Id, No, Title, DueOn, AmountIn(currency), State, Revision, DeliveredAt, AcceptedAt, invoice);

    /// <summary>The state after the act, or null where it is not possible.</summary>
    public static MilestoneState? After(MilestoneState state, MilestoneAct act) => (state, act) switch
    {
        (MilestoneState.Planned or MilestoneState.ChangesRequested, MilestoneAct.Start) => MilestoneState.InProgress,
        (MilestoneState.InProgress, MilestoneAct.Deliver) => MilestoneState.Delivered,
        (MilestoneState.Delivered, MilestoneAct.Accept) => MilestoneState.Accepted,
        (MilestoneState.Delivered, MilestoneAct.RequestChanges) => MilestoneState.ChangesRequested,
        _ => null,
    };
}

/// <summary>Finding milestones; their project is locked by whoever changes one.</summary>
internal static class MilestoneRows
{
    public const int MostOfProject = 50;

    public const string Select = "select m.id, m.project_id, m.no, m.title, m.due_on, m.amount_minor, m.state, m.revision, m.delivered_at, m.accepted_at, m.invoice_id from marketplace.project_milestones m";

    public static Task<Milestone?> Find(Transaction tx, ClientProjectId project, MilestoneId id) => tx.Find<Milestone>(Select + " where m.id = @id and m.project_id = @project", new { id, project });
}
