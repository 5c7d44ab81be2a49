using Guildhall.Foundation.Data;

namespace Guildhall.Marketplace.Contacts;

/// <summary>A text that the other side reads before anything was paid: the note with a hold, the reason of a cancellation, a provider's public texts.</summary>
public enum MaskedText { Note, CancelReason, Profile }

/// <summary>open → granted, from then on the text is shown as written; or open → refused. Decided once.</summary>
public enum MaskAppealState { Open, Granted, Refused }

/// <summary>What is hidden in a text, and why.</summary>
/// <param name="Kinds">What was found in it.</param>
/// <param name="Parts">The words that are hidden, for their author alone.</param>
/// <param name="Appeal">How the author's appeal stands; null when there is none, and for everybody else.</param>
/// <param name="Why">What staff wrote to the author.</param>
public sealed record HiddenText(MaskedText Text, IReadOnlyList<ContactKind> Kinds, IReadOnlyList<string> Parts, MaskAppealState? Appeal, string? Why);

/// <summary>An author says that nothing in their text is a contact detail.</summary>
/// <param name="Booking">Null for a profile.</param>
public sealed record MaskAppealView(MaskAppealId Id, MaskedText Text, BookingId? Booking, ProviderId? Provider, Guid AuthorId, string? Words, MaskAppealState State, DateTimeOffset AppealedAt,
    Guid? DecidedBy, string? DecidedWhy, DateTimeOffset? DecidedAt);

internal static class MaskAppealRows
{
    public const int MaxWords = 500;

    private sealed record Row(MaskAppealId Id, MaskedText Text, Guid SubjectId, Guid AuthorId, string? Words, MaskAppealState State, DateTimeOffset AppealedAt, Guid? DecidedBy, string? DecidedWhy,
        DateTimeOffset? DecidedAt)
    {
        public MaskAppealView View => new(Id, Text, Text == MaskedText.Profile ? null : new BookingId(SubjectId), Text == MaskedText.Profile ? new ProviderId(SubjectId) : null, AuthorId, Words, State,
            AppealedAt, DecidedBy, DecidedWhy, DecidedAt);
    }

    private const string Select = """
        select m.id, m.text, m.subject_id, m.author_id, m.words, m.state, m.appealed_at, m.decided_by, m.decided_why, m.decided_at from marketplace.mask_appeals m
        """;

    public static async Task<MaskAppealView?> Of(Transaction tx, MaskedText text, Guid subject) => (await tx.Find<Row>(Select + " where m.text = @text and m.subject_id = @subject", new { text, subject }))?.View;

    public static async Task<MaskAppealView?> Find(Database database, MaskAppealId id, CancellationToken stop) => (await database.Find<Row>(Select + " where m.id = @id", new { id }, stop))?.View;

    public static async Task<MaskAppealView?> Lock(Transaction tx, MaskAppealId id) => (await tx.Find<Row>(Select + " where m.id = @id for update of m", new { id }))?.View;

    public static async Task<IReadOnlyList<MaskAppealView>> Page(Database database, MaskAppealState state, MaskAppealId? after, int limit, CancellationToken stop) =>
        [.. (await database.List<Row>(Select + " where m.state = @state and (@after is null or m.id < @after) order by m.id desc limit @limit", new { state, after, limit }, stop)).Select(r => r.View)];

    /// <summary>How the appeals about these bookings or profiles stand.</summary>
    public static async Task<IReadOnlyDictionary<(MaskedText, Guid), MaskAppealView>> Of(Database database, Guid[] subjects, CancellationToken stop) =>
        (await database.List<Row>(Select + " where m.subject_id = any (@subjects)", new { subjects }, stop)).ToDictionary(r => (r.Text, r.SubjectId), r => r.View);
}
