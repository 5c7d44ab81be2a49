using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;

namespace Guildhall.Money.Approvals;

public enum ApprovalState { Pending, Approved, Rejected, Withdrawn }

/// <summary>Something one person proposed and another decides on. <c>Facts</c> are what will be done, exactly as proposed.</summary>
public sealed record ApprovalView(ApprovalId Id, string Kind, string Subject, JsonElement Facts, Amount? Amount, string Reason, ApprovalState State,
    Guid AskedBy, DateTimeOffset AskedAt, Guid? DecidedBy, DateTimeOffset? DecidedAt, string? Said);

internal sealed record Approval(ApprovalId Id, string Kind, string Subject, JsonElement Facts, Currency? Currency, long? Minor, string Reason, ApprovalState State,
    Guid AskedBy, DateTimeOffset AskedAt, Guid? DecidedBy, DateTimeOffset? DecidedAt, string? Said)
{
    public ApprovalView ToView() => new(Id, Kind, Subject, Facts, Currency is { } currency ? new Amount(Minor!.Value, currency) : null, Reason, State,
        AskedBy, AskedAt, DecidedBy, DecidedAt, Said);

    public const string Columns = """
        a.id, a.kind, a.subject, a.facts::text as facts, a.currency, a.minor, a.reason, a.state, a.asked_by, a.asked_at, a.decided_by, a.decided_at, a.said
        """;

    public static Task<Approval?> Find(Database database, ApprovalId id, CancellationToken stop) =>
        database.Find<Approval>($"select {Columns} from money.approvals a where a.id = @id", new { id }, stop);
}

/// <summary>What may be proposed: who may propose and decide, and what is done, in the transaction that approves it. <c>Act</c> looks at everything
/// again: what was true at the proposal may not be true any more, and then it refuses.</summary>
internal sealed record ApprovalKind(string Kind, Permission Permission, Func<Transaction, Caller, Approval, Task<Result<Done>>> Act)
{
    public static ApprovalKind Of<TFacts>(string kind, Permission permission, Func<Transaction, Caller, Approval, TFacts, Task<Result<Done>>> act) =>
        new(kind, permission, (tx, caller, approval) => act(tx, caller, approval, approval.Facts.Deserialize<TFacts>(JsonRules.Options)!));
}

/// <summary>Every kind that can be proposed.</summary>
public sealed class ApprovalBook
{
    private readonly List<ApprovalKind> _kinds;

    internal ApprovalBook(IEnumerable<ApprovalKind> kinds) => _kinds = [.. kinds];

    internal ApprovalKind Of(string kind) => _kinds.Single(k => string.Equals(k.Kind, kind, StringComparison.Ordinal));

    internal string[] Decides(Caller caller) => [.. _kinds.Where(k => caller.May(k.Permission)).Select(k => k.Kind)];
}
