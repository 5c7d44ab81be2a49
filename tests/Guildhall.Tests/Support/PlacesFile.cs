using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Guildhall.Tests.Support;

/// <summary>Writes a small file in the MaxMind format (version 2.0 of its specification): a tree of 24-bit records over IPv6, with IPv4 in ::/96.</summary>
internal static class PlacesFile
{
    /// <summary>Networks and where they are.</summary>
    public static byte[] Write(params (string Network, string Country, string? City, double Latitude, double Longitude)[] places)
    {
        var data = new MemoryStream();
        var nodes = new List<(int? Left, int? Right)> { (null, null) };
        var leaves = new Dictionary<(int Node, bool Right), int>();
        foreach (var (network, country, city, latitude, longitude) in places)
        {
            var at = (int)data.Length;
            Put(data, Place(country, city, latitude, longitude));
            Insert(nodes, leaves, IPNetwork.Parse(network), at);
        }
        var file = new MemoryStream();
        for (var node = 0; node < nodes.Count; node++)
            foreach (var (child, right) in ((int?, bool)[])[(nodes[node].Left, false), (nodes[node].Right, true)])
                file.Write(ThreeBytes(leaves.TryGetValue((node, right), out var offset) ? nodes.Count + 16 + offset : child ?? nodes.Count));
        file.Write(new byte[16]);
        data.WriteTo(file);
        file.Write([0xab, 0xcd, 0xef, .. "MaxMind.com"u8]);
        Put(file, new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["node_count"] = (uint)nodes.Count, ["record_size"] = (ushort)24, ["ip_version"] = (ushort)6, ["database_type"] = "Test-City", ["languages"] = (string[])["en"],
            ["binary_format_major_version"] = (ushort)2, ["binary_format_minor_version"] = (ushort)0, ["build_epoch"] = 1_700_000_000UL,
            ["description"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["en"] = "places of a test" },
        });
        return file.ToArray();
    }

    private static Dictionary<string, object> Place(string country, string? city, double latitude, double longitude)
    {
        var place = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["country"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["iso_code"] = country },
            ["location"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["latitude"] = latitude, ["longitude"] = longitude },
        };
        if (city is not null) place["city"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["names"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["en"] = city } };
        return place;
    }

    private static void Insert(List<(int? Left, int? Right)> nodes, Dictionary<(int, bool), int> leaves, IPNetwork network, int offset)
    {
        var isOld = network.BaseAddress.AddressFamily is System.Net.Sockets.AddressFamily.InterNetwork;
        byte[] bytes = [.. new byte[isOld ? 12 : 0], .. network.BaseAddress.GetAddressBytes()];
        var (length, node) = (network.PrefixLength + (isOld ? 96 : 0), 0);
        for (var bit = 0; bit < length; bit++)
        {
            var right = (bytes[bit / 8] >> (7 - bit % 8) & 1) == 1;
            if (bit == length - 1) { leaves[(node, right)] = offset; return; }
            if ((right ? nodes[node].Right : nodes[node].Left) is not { } next)
            {
                next = nodes.Count;
                nodes.Add((null, null));
                nodes[node] = right ? (nodes[node].Left, next) : (next, nodes[node].Right);
            }
            node = next;
        }
    }

    private static byte[] ThreeBytes(int value) => [(byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static void Put(Stream to, object value)
    {
        switch (value)
        {
            case string text: Head(to, 2, Encoding.UTF8.GetByteCount(text)); to.Write(Encoding.UTF8.GetBytes(text)); break;
            case double number: Head(to, 3, 8); var eight = new byte[8]; BinaryPrimitives.WriteDoubleBigEndian(eight, number); to.Write(eight); break;
            case ushort number: Head(to, 5, 2); to.Write([(byte)(number >> 8), (byte)number]); break;
            case uint number: Head(to, 6, 4); var four = new byte[4]; BinaryPrimitives.WriteUInt32BigEndian(four, number); to.Write(four); break;
            case ulong number: Head(to, 9, 8); var long8 = new byte[8]; BinaryPrimitives.WriteUInt64BigEndian(long8, number); to.Write(long8); break;
            case Dictionary<string, object> map: Head(to, 7, map.Count); foreach (var (key, item) in map) { Put(to, key); Put(to, item); } break;
            case string[] list: Head(to, 11, list.Length); foreach (var item in list) Put(to, item); break;
            default: throw new ArgumentException("No such type in this format.", nameof(value));
        }
    }

    private static void Head(Stream to, int type, int size)
    {
        if (size > 28 + 255) throw new ArgumentException("Too long for a test.", nameof(size));
        to.WriteByte((byte)((type <= 7 ? type << 5 : 0) | Math.Min(size, 29)));
        if (type > 7) to.WriteByte((byte)(type - 7));
        if (size >= 29) to.WriteByte((byte)(size - 29));
    }
}
