using Guildhall.Foundation.Data;

namespace Guildhall.Marketplace.Moderation;

public enum ReportReason { Harassment, OutsidePayment, Fraud, Spam, Other }

/// <summary>open → decided, once.</summary>
public enum TalkReportState { Open, Decided }

/// <summary>What staff made of a report. <c>ChatClosed</c>: that chat is for reading only. <c>Suspended</c>: the provider who is reported sells nothing new; what is sold goes on.</summary>
public enum ReportOutcome { Nothing, Warned, ChatClosed, Suspended }

/// <summary>One side of a chat says that the other broke the rules, in one message or as a whole. The message's text is the copy made then.</summary>
public sealed record TalkReportView(TalkReportId Id, ChatId ChatId, Guid ReporterId, Guid ReportedId, ReportReason Reason, string? Words, MessageId? MessageId, long? MessageSeq, string? MessageText,
    DateTimeOffset? MessageSentAt, TalkReportState State, ReportOutcome? Outcome, string? Why, DateTimeOffset ReportedAt, Guid? DecidedBy, DateTimeOffset? DecidedAt);

internal static class TalkReportRows
{
    public const int MaxWords = 1000, MinWhy = 3, MaxWhy = 500;

    public const string Select = """
        select r.id, r.chat_id, r.reporter_id, r.reported_id, r.reason, r.words, r.message_id, r.message_seq, r.message_text, r.message_sent_at, r.state, r.outcome, r.why, r.reported_at,
            r.decided_by, r.decided_at
        from marketplace.talk_reports r
        """;

    public static Task<TalkReportView?> Find(Database database, TalkReportId id, CancellationToken stop) => database.Find<TalkReportView>(Select + " where r.id = @id", new { id }, stop);

    public static Task<TalkReportView?> Lock(Transaction tx, TalkReportId id) => tx.Find<TalkReportView>(Select + " where r.id = @id for update of r", new { id });
}
