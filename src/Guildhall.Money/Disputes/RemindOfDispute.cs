using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Money.Disputes;

/// <summary>Reminds staff of a dispute that waits for an answer: three days and one day before the deadline. A deadline that was moved is the one that
/// counts, and an answered dispute reminds nobody.</summary>
public sealed record RemindOfDispute(DisputeId Dispute, DateTimeOffset DueAt, int HoursBefore) : IJob
{
    public static string Kind => "remind_of_dispute";

    private static readonly int[] Hours = [72, 24];

    internal static async Task Plan(Transaction tx, DisputeId dispute, DateTimeOffset? due)
    {
        if (due is not { } at) return;
        foreach (var hours in Hours.Where(h => at.AddHours(-h) > tx.Now))
            await tx.Enqueue(new RemindOfDispute(dispute, at, hours), runAt: at.AddHours(-hours), uniqueKey: $"{dispute}:{at.ToUnixTimeSeconds()}:{hours}");
    }

    internal static async Task Run(Transaction tx, RemindOfDispute job)
    {
        var dispute = await tx.Find<Dispute>($"select {Disputes.Columns} {Disputes.From} where d.id = @Dispute", new { job.Dispute });
        if (dispute is not { State: DisputeState.NeedsResponse or DisputeState.WarningNeedsResponse, Answered: false, AcceptAskedAt: null } || dispute.DueAt != job.DueAt) return;
        await WhenDisputeChanged.TellStaff(tx, "dispute_due_staff", dispute.Id, dispute.Of(dispute.Minor), dispute.DueAt, $"{dispute.Id}:{job.HoursBefore}");
    }
}
