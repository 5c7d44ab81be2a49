using System.Diagnostics;
using System.Net;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Risk;

/// <summary>Lists of networks with a bad name, from files that the operator brings: one network or address per line, <c>#</c> begins a comment. A list is called as its
/// file is. Whether an address stands in one is found in memory in microseconds; a newer file is read within ten seconds, beside the requests, and one that cannot be read
/// leaves the last good one in use.</summary>
public sealed class AddressLists
{
    private const int MaxLines = 2_000_000, MaxName = 40;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private volatile Loaded[] _lists;
    private long _looked = Stopwatch.GetTimestamp();
    private int _looking;

    /// <param name="Networks">How many there are after neighbours were put together.</param>
    /// <param name="Skipped">Lines that are no network.</param>
    /// <param name="Problem">Why the file is not used as it is now; null when all is well.</param>
    public sealed record View(string Name, int Networks, int Skipped, string? Problem);

    private sealed record Loaded(string Path, string Name, DateTime Changed, (UInt128 From, UInt128 To)[] Ranges, int Skipped, string? Problem);

    public AddressLists(IReadOnlyList<string> files)
    {
        _lists = [.. files.Select(f => new Loaded(f, NameOf(f), default, [], 0, null))];
        Look();
    }

    /// <summary>The lists as they are in use.</summary>
    public IReadOnlyList<View> All => [.. _lists.Select(l => new View(l.Name, l.Ranges.Length, l.Skipped, l.Problem))];

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/risk/lists", (AddressLists lists) => TypedResults.Json(lists.All, JsonRules.Options)).WithName(nameof(AddressLists)).Requires(IdentityPermissions.SignInRisk).Produces<IReadOnlyList<View>>();

    /// <summary>Names of the lists that an address stands in.</summary>
    public IEnumerable<string> Naming(IPAddress? address)
    {
        if (_lists.Length == 0 || address is null) return [];
        LookAgainWhenDue();
        var number = Number(address);
        return _lists.Where(l => Contains(l.Ranges, number)).Select(l => l.Name);
    }

    private static bool Contains((UInt128 From, UInt128 To)[] ranges, UInt128 number)
    {
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (number < ranges[middle].From) high = middle - 1;
            else if (number > ranges[middle].To) low = middle + 1;
            else return true;
        }
        return false;
    }

    private void LookAgainWhenDue()
    {
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref _looked)) < LookEvery || Interlocked.Exchange(ref _looking, 1) == 1) return;
        Volatile.Write(ref _looked, Stopwatch.GetTimestamp());
        _ = Task.Run(() =>
        {
            try { Look(); }
            finally { Volatile.Write(ref _looking, 0); }
        });
    }

    /// <summary>Reads the files that are others than those in use.</summary>
    internal void Look() => _lists = [.. _lists.Select(Newer)];

    private static Loaded Newer(Loaded list)
    {
        try
        {
            var changed = File.GetLastWriteTimeUtc(list.Path);
            if (!File.Exists(list.Path)) throw new FileNotFoundException("There is no such file.");
            if (changed == list.Changed) return list with { Problem = null };
            var (ranges, skipped) = Read(File.ReadLines(list.Path));
            return list with { Changed = changed, Ranges = ranges, Skipped = skipped, Problem = null };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException) { return list with { Problem = problem.Message }; }
    }

    private static ((UInt128, UInt128)[] Ranges, int Skipped) Read(IEnumerable<string> lines)
    {
        var (found, skipped, count) = (new List<(UInt128 From, UInt128 To)>(), 0, 0);
        foreach (var line in lines)
        {
            if (++count > MaxLines) throw new InvalidDataException($"The file has more than {MaxLines} lines.");
            var text = (line.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? line[..at] : line).Trim();
            if (text.Length == 0) continue;
            if (!ClientAddress.TryNetwork(text, leastBits: 0, out var network)) { skipped++; continue; }
            var from = Number(network.BaseAddress);
            var size = network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 - network.PrefixLength : 128 - network.PrefixLength;
            found.Add((from, size == 128 ? UInt128.MaxValue : from + ((UInt128.One << size) - 1)));
        }
        found.Sort((a, b) => a.From.CompareTo(b.From));
        var merged = new List<(UInt128 From, UInt128 To)>(found.Count);
        foreach (var range in found)
        {
            if (merged.Count > 0 && range.From <= merged[^1].To) merged[^1] = (merged[^1].From, UInt128.Max(merged[^1].To, range.To));
            else merged.Add(range);
        }
        return ([.. merged], skipped);
    }

    // IPv4 where IPv6 keeps it.
    private static UInt128 Number(IPAddress address) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes());

    private static string NameOf(string path) =>
        new([.. System.IO.Path.GetFileNameWithoutExtension(path).ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_').Take(MaxName)]);
}
