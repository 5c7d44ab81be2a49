using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Marketplace.Contacts;

/// <summary>What customer and provider of a booking write to each other outside the chat, as its reader may see it: until money was captured, contact details in it are hidden from the
/// other side. The author and staff read what was written.</summary>
internal static class BookingTexts
{
    public sealed record Shown(string? Note, string? CancelReason, IReadOnlyList<HiddenText> Hidden);

    private sealed record Written(MaskedText Text, string Words, bool Mine, IReadOnlyList<ContactDetail> Details);

    public static async Task<IReadOnlyDictionary<BookingId, Shown>> Show(Database database, Caller caller, IReadOnlyList<Booking> bookings, CancellationToken stop)
    {
        var touched = bookings.Where(b => b.ConfirmedAt is null && b.RoleOf(caller) is not BookingRole.Staff).Select(b => (Booking: b, Texts: Texts(b, caller))).Where(b => b.Texts.Count > 0).ToArray();
        if (touched.Length == 0) return new Dictionary<BookingId, Shown>();
        var appeals = await MaskAppealRows.Of(database, [.. touched.Select(t => t.Booking.Id.Value)], stop);
        return touched.ToDictionary(t => t.Booking.Id, t => Of(t.Booking, [.. t.Texts.Where(w => Appeal(appeals, t.Booking, w) is not { State: MaskAppealState.Granted })], appeals));
    }

    /// <summary>The text that a person wrote and that contact details are hidden in; null when there is none such.</summary>
    public static string? Masked(Booking booking, MaskedText text, Caller author) =>
        booking.ConfirmedAt is null ? Texts(booking, author).FirstOrDefault(w => w.Text == text && w.Mine)?.Words : null;

    /// <summary>What was written, for staff who decide.</summary>
    public static string? Original(Booking booking, MaskedText text) => text == MaskedText.Note ? booking.Note : booking.CancelReason;

    private static MaskAppealView? Appeal(IReadOnlyDictionary<(MaskedText, Guid), MaskAppealView> appeals, Booking booking, Written text) => appeals.GetValueOrDefault((text.Text, booking.Id.Value));

    private static Shown Of(Booking booking, IReadOnlyList<Written> texts, IReadOnlyDictionary<(MaskedText, Guid), MaskAppealView> appeals)
    {
        var hidden = texts.Select(w => (w, Appeal: w.Mine ? Appeal(appeals, booking, w) : null)).Select(t => new HiddenText(t.w.Text, [.. t.w.Details.Select(d => d.Kind).Distinct()],
            t.w.Mine ? [.. t.w.Details.Select(d => d.In(t.w.Words))] : [], t.Appeal?.State, t.Appeal?.DecidedWhy));
        return new Shown(As(MaskedText.Note, booking.Note), As(MaskedText.CancelReason, booking.CancelReason), [.. hidden]);

        string? As(MaskedText which, string? words) => texts.FirstOrDefault(w => w.Text == which && !w.Mine) is { } text ? ContactDetails.Mask(text.Words, text.Details) : words;
    }

    // Only those that something is found in.
    private static List<Written> Texts(Booking booking, Caller caller)
    {
        var texts = new List<Written>(2);
        if (booking.Note is { } note) texts.Add(new(MaskedText.Note, note, caller.Is(booking.CustomerId), ContactDetails.Find(note)));
        if (booking is { CancelReason: { } reason, CancelledBy: CancelledBy.Customer or CancelledBy.Provider })
            texts.Add(new(MaskedText.CancelReason, reason, caller.Is(booking.CancelledBy == CancelledBy.Customer ? booking.CustomerId : booking.ProviderAccountId), ContactDetails.Find(reason)));
        texts.RemoveAll(text => text.Details.Count == 0);
        return texts;
    }
}
