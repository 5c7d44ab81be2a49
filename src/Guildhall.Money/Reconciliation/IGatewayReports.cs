using Guildhall.Money.Gateways;

namespace Guildhall.Money.Reconciliation;

/// <summary>A gateway that tells by its API what moved the balance it keeps for us.</summary>
public interface IGatewayReports
{
    /// <summary>The gateway's stable name.</summary>
    string Gateway { get; }

    /// <summary>The rows made from <paramref name="from"/> up to and without <paramref name="to"/>, a page at a time, in an order that does not change.</summary>
    /// <param name="after">Where the page before ended; null for the first.</param>
    Task<GatewayAnswer<ReportPage>> Read(DateTimeOffset from, DateTimeOffset to, string? after, CancellationToken stop);
}

/// <summary>A page of a gateway's report; <c>Next</c> is null on the last.</summary>
public sealed record ReportPage(IReadOnlyList<ReportRow> Rows, string? Next);
