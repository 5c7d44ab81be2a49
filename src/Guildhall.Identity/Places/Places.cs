using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MaxMind.Db;

namespace Guildhall.Identity.Places;

/// <summary>Where an address is, as far as anybody knows. Everything may be unknown; good for showing and for weighing a risk, never for refusing.</summary>
/// <param name="Country">ISO 3166-1 code of two capital letters.</param>
/// <param name="City">English name.</param>
/// <param name="Latitude">Degrees north; of a middle point that may be hundreds of kilometres off.</param>
/// <param name="Longitude">Degrees east.</param>
public sealed record Place(string? Country, string? City, double? Latitude, double? Longitude)
{
    public static readonly Place Unknown = new(null, null, null, null);
}

/// <summary>Places of addresses from a file in the MaxMind format (GeoLite2 City and its like; the operator brings it). Without a file, with a broken one and for
/// addresses that it does not name, the answer is <see cref="Place.Unknown"/>; nothing here throws. A newer file is read within ten seconds, beside the requests.</summary>
public sealed class Places
{
    private const int MaxName = 100;
    private const long MaxBytes = 512 * 1024 * 1024;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private readonly string? _path;
    private volatile Loaded _loaded = new(null, default, null);
    private long _looked = Stopwatch.GetTimestamp();
    private int _looking;

    private sealed record Loaded(Reader? Reader, DateTime Changed, string? Problem);

    /// <param name="path">The file; null knows no place.</param>
    public Places(string? path)
    {
        _path = path;
        Look();
    }

    /// <summary>Whether the operator named a file.</summary>
    public bool Configured => _path is not null;

    /// <summary>Why the file of the operator is not used, in words for the operator; null when all is well.</summary>
    public string? Problem => _loaded.Problem;

    /// <summary>What is known about the address. Takes microseconds and waits for nothing.</summary>
    public Place Of(IPAddress? address)
    {
        if (_path is null || address is null) return Place.Unknown;
        LookAgainWhenDue();
        if (_loaded.Reader is not { } reader) return Place.Unknown;
        try
        {
            var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            if (plain.AddressFamily is AddressFamily.InterNetworkV6 && reader.Metadata.IPVersion == 4) return Place.Unknown;
            return reader.Find<Dictionary<string, object>>(plain) is { } found ? Read(found) : Place.Unknown;
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // The library meets damage only when it comes to it.
            _loaded = _loaded with { Problem = "The file is damaged: " + problem.Message };
            return Place.Unknown;
        }
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

    /// <summary>Reads the file when it is another than the one in use. A file that cannot be read leaves the last good one in use.</summary>
    internal void Look()
    {
        if (_path is null) return;
        try
        {
            var file = new FileInfo(_path);
            if (!file.Exists) throw new FileNotFoundException("There is no such file.");
            if (file.LastWriteTimeUtc == _loaded.Changed) return;
            if (file.Length > MaxBytes) throw new InvalidDataException("The file is larger than 512 MB.");
            // Read into memory: a file that is overwritten in place under a mapping would end the process.
            _loaded = new Loaded(new Reader(_path, FileAccessMode.Memory), file.LastWriteTimeUtc, null);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException) { _loaded = _loaded with { Problem = problem.Message }; }
    }

    private static Place Read(Dictionary<string, object> found)
    {
        var location = Map(found, "location");
        var country = Text(Map(found, "country") ?? Map(found, "registered_country"), "iso_code");
        return new Place(country is { Length: 2 } code && code.All(char.IsAsciiLetterUpper) ? code : null, Text(Map(Map(found, "city"), "names"), "en"),
            Number(location, "latitude", 90), Number(location, "longitude", 180));
    }

    private static Dictionary<string, object>? Map(Dictionary<string, object>? map, string key) => map?.GetValueOrDefault(key) as Dictionary<string, object>;

    private static string? Text(Dictionary<string, object>? map, string key) =>
        map?.GetValueOrDefault(key) is string { Length: > 0 } text ? text.Length > MaxName ? text[..MaxName] : text : null;

    private static double? Number(Dictionary<string, object>? map, string key, double most) =>
        map?.GetValueOrDefault(key) is IConvertible value && Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && Math.Abs(number) <= most ? number : null;
}
