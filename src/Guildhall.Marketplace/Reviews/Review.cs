using System.Globalization;
using Guildhall.Foundation.Data;

namespace Guildhall.Marketplace.Reviews;

/// <summary>Which side of the booking wrote it; the other one is reviewed.</summary>
public enum ReviewAuthor { Customer, Provider }

/// <summary>Why staff hid a review, and so whether it counts. <c>Words</c>: what is written breaks the rules, but the booking was had: the words go, the stars count.
/// <c>NotGenuine</c>: it is not about this booking, or was bought or forced: all of it goes and counts no more.</summary>
public enum HidingRule { Words, NotGenuine }

/// <summary>What one side of a booking wrote of the other. <c>PublishedAt</c> is null while it is blind.</summary>
/// <param name="Text">Null when there is none, or staff hid the words from the reader.</param>
/// <param name="HiddenWhy">For its author and staff.</param>
public sealed record ReviewView(ReviewId Id, ReviewAuthor Author, int Rating, string? Text, DateTimeOffset? PublishedAt, string? Reply, DateTimeOffset? RepliedAt, HidingRule? Hidden, string? HiddenWhy);

/// <summary>How often each number of stars was given, and what that is on average.</summary>
/// <param name="Average">With two decimals, such as <c>4.67</c>; null when nothing counts yet.</param>
/// <param name="Stars">Five counts: of one star first, of five last.</param>
public sealed record RatingSummary(int Count, string? Average, IReadOnlyList<int> Stars);

/// <summary>Reads of reviews. Whoever changes one that is blind holds its window.</summary>
internal static class ReviewRows
{
    public const int MaxText = 2000;
    public const int MostStars = 5;

    public const string Select = """
        select r.id, r.author, r.rating, r.text, r.published_at, r.reply, r.replied_at, r.hidden_rule as hidden, r.hidden_why from marketplace.reviews r
        """;

    /// <summary>What counts of the reviews <c>r</c>. Counted at every read, over an index that holds just these: no total is stored that two publications at once could miss.</summary>
    public const string Counts = """
        select count(*) filter (where r.rating = 1)::int as one, count(*) filter (where r.rating = 2)::int as two, count(*) filter (where r.rating = 3)::int as three,
            count(*) filter (where r.rating = 4)::int as four, count(*) filter (where r.rating = 5)::int as five
        from marketplace.reviews r
        """;

    public static Task<ReviewView?> Of(Transaction tx, BookingId booking, ReviewAuthor author) =>
        tx.Find<ReviewView>(Select + " where r.booking_id = @booking and r.author = @author", new { booking, author });

    public static bool IsText(string? text) => text is null || text.Length <= MaxText && !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));

    /// <summary>What somebody else than its author and staff sees: null when nothing is left of it.</summary>
    public static ReviewView? Shown(ReviewView? review) => review switch
    {
        null or { PublishedAt: null } or { Hidden: HidingRule.NotGenuine } => null,
        { Hidden: HidingRule.Words } => review with { Text = null, HiddenWhy = null },
        _ => review,
    };

    internal sealed record Counted(int One, int Two, int Three, int Four, int Five)
    {
        public RatingSummary ToSummary()
        {
            int[] stars = [One, Two, Three, Four, Five];
            var count = stars.Sum();
            if (count == 0) return new RatingSummary(0, null, stars);
            // Hundredths, rounded half up; whole numbers all the way.
            var hundredths = (200L * stars.Index().Sum(s => (s.Index + 1L) * s.Item) + count) / (2L * count);
            return new RatingSummary(count, string.Create(CultureInfo.InvariantCulture, $"{hundredths / 100}.{hundredths % 100:00}"), stars);
        }
    }
}
