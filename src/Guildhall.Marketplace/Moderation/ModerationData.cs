using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Marketplace.Moderation;

/// <summary>Reports and blocks as a person's own data. What others reported about somebody is told with its outcome only: who said it and in what words is the reporter's.</summary>
internal static class ModerationData
{
    private sealed record Reported(string ChatId, string Reason, string? Words, string? MessageText, string State, DateTimeOffset ReportedAt);
    private sealed record Decided(string ChatId, string Outcome, string? Why, DateTimeOffset DecidedAt);
    private sealed record Blocked(string ChatId, DateTimeOffset BlockedAt, DateTimeOffset? LiftedAt);

    public static async Task<object> Read(Database database, Guid person, CancellationToken stop)
    {
        var args = new { person, most = PersonalData.Most };
        return new
        {
            reports = await database.List<Reported>(ReportsSql, args, stop),
            decisions = await database.List<Decided>(DecisionsSql, args, stop),
            blocks = await database.List<Blocked>("select chat_id::text as chat_id, blocked_at, lifted_at from marketplace.person_blocks where blocker_id = @person order by id desc limit @most", args, stop),
        };
    }

    /// <summary>Nobody gets out of a report by erasing the evidence: it is decided first.</summary>
    public static async Task<string?> Objection(Transaction tx, Guid person) => await tx.Get<bool>("select exists (select 1 from marketplace.talk_reports where reported_id = @person and state = 'open')", new { person })
        ? "Our staff look at something that concerns you. Ask again when they have decided." : null;

    public static async Task Erase(Transaction tx, Guid person)
    {
        await tx.Change("update marketplace.talk_reports set words = null where reporter_id = @person and words is not null", new { person });
        await tx.Change("update marketplace.talk_reports set message_text = null where reported_id = @person and message_text is not null", new { person });
    }

    private const string ReportsSql = """
        select chat_id::text as chat_id, reason, words, message_text, state, reported_at from marketplace.talk_reports where reporter_id = @person order by id desc limit @most
        """;

    private const string DecisionsSql = """
        select chat_id::text as chat_id, outcome, why, decided_at from marketplace.talk_reports where reported_id = @person and outcome <> 'nothing' order by id desc limit @most
        """;
}
