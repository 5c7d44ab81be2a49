using System.Text.RegularExpressions;

namespace Guildhall.Tests.Architecture;

/// <summary>The one order in which transactions take locks that others may want: the order; what belongs to it alone (payment, guard, booking),
/// in any order since the order is locked; resources; claims; provider balances.</summary>
internal static partial class LockOrder
{
    private static readonly (string Lock, int Rank, Regex Takes)[] Ranks =
    [
        ("order", 1, Order()), ("payment, guard or booking", 2, OfTheOrder()), ("resource", 3, Resource()), ("claim", 4, Claim()), ("balance", 5, Balance()),
    ];

    /// <summary>The first time a transaction takes each kind of lock must not come after a later kind.</summary>
    public static IEnumerable<Violation> Check(IReadOnlyList<string> statements)
    {
        var (taken, highest) = (new HashSet<int>(), (Lock: "", Rank: 0));
        foreach (var sql in statements)
            foreach (var (name, rank, takes) in Ranks)
            {
                if (!takes.IsMatch(sql) || !taken.Add(rank)) continue;
                if (rank < highest.Rank) yield return new Violation(sql.Trim().ReplaceLineEndings(" "), $"takes a {name} after a {highest.Lock}");
                else highest = (name, rank);
            }
    }

    [GeneratedRegex(@"from money\.orders o\b[\s\S]*for update|update money\.orders\b", RegexOptions.None, 1000)]
    private static partial Regex Order();

    [GeneratedRegex(@"money\.payment_guards\b[\s\S]*for update|update money\.(?:payment_guards|payments)\b|marketplace\.bookings b\b[\s\S]*for update|update marketplace\.bookings\b", RegexOptions.None, 1000)]
    private static partial Regex OfTheOrder();

    [GeneratedRegex(@"pg_advisory_xact_lock\(k\.key\)", RegexOptions.None, 1000)]
    private static partial Regex Resource();

    [GeneratedRegex(@"(?:update|delete from|insert into) marketplace\.claims\b", RegexOptions.None, 1000)]
    private static partial Regex Claim();

    [GeneratedRegex(@"money\.lock_balance\b|of a provider$", RegexOptions.None, 1000)]
    private static partial Regex Balance();
}
