using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Foundation;

/// <summary>One thing that a search of the staff found.</summary>
/// <param name="Id">As the API calls it.</param>
/// <param name="Title">What people know it by: a name, an amount, a number.</param>
/// <param name="Detail">What tells it from its neighbours; null when the title does.</param>
/// <param name="State">As it is now; null for what has none.</param>
/// <param name="Page">Address in the console; null when nothing there shows it.</param>
public sealed record SearchHit(string Id, string Title, string? Detail, string? State, string? Page);

/// <summary>One kind of things that staff find by what they type. Each module registers its own; the search asks those whose permission the searcher has, and no others.</summary>
/// <param name="Kind">Name of the group, such as <c>payments</c>.</param>
/// <param name="Needs">Who sees these things at all.</param>
/// <param name="Find">At most <see cref="Most"/> + 1 of them, the newest first, by indexes alone. The text is trimmed and of <see cref="LeastText"/> to <see cref="MostText"/> characters.</param>
public sealed record SearchPart(string Kind, Permission Needs, Func<Database, string, CancellationToken, Task<IReadOnlyList<SearchHit>>> Find)
{
    /// <summary>Shown of one kind; one more is read to know whether there are more.</summary>
    public const int Most = 8;

    public const int LeastText = 2, MostText = 100;

    /// <summary>A pattern for what begins with this text; its own percent signs and underscores mean themselves.</summary>
    public static string Begins(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";

    /// <summary>The id in this text; null when it is none of that kind.</summary>
    public static TId? IdIn<TId>(string text) where TId : struct, IId<TId> => Id.TryParse<TId>(text, out var id) ? id : null;
}
