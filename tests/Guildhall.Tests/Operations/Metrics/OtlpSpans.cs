using System.Text;

namespace Guildhall.Tests.Operations.Metrics;

/// <summary>A span as a collector reads it from the wire (opentelemetry-proto, trace/v1).</summary>
internal sealed record OtlpSpan(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Tags);

/// <summary>Reads the few fields of an export request that the tests look at.</summary>
internal static class OtlpSpans
{
    public static IEnumerable<OtlpSpan> Read(byte[] request) =>
        from resource in Fields(request) where resource.Number == 1
        from scope in Fields(resource.Bytes) where scope.Number == 2
        from span in Fields(scope.Bytes) where span.Number == 2
        select Span(span.Bytes);

    private static OtlpSpan Span(byte[] bytes)
    {
        var fields = Fields(bytes).ToArray();
        string Hex(int number) => Convert.ToHexStringLower(fields.FirstOrDefault(f => f.Number == number).Bytes ?? []);
        var tags = fields.Where(f => f.Number == 9).Select(f => Fields(f.Bytes).ToArray())
            .ToDictionary(t => Encoding.UTF8.GetString(t.Single(f => f.Number == 1).Bytes), t => Any(t.Single(f => f.Number == 2).Bytes));
        return new OtlpSpan(Hex(1), Hex(2), Hex(4), Encoding.UTF8.GetString(fields.Single(f => f.Number == 5).Bytes), tags);
    }

    private static string Any(byte[] value) => Fields(value).First() is { Bytes: { } text } ? Encoding.UTF8.GetString(text) : Fields(value).First().Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<(int Number, byte[] Bytes, ulong Value)> Fields(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var key = Varint(bytes, ref at);
            switch (key & 7)
            {
                case 0: yield return ((int)(key >> 3), null!, Varint(bytes, ref at)); break;
                case 1: yield return ((int)(key >> 3), null!, BitConverter.ToUInt64(bytes, at)); at += 8; break;
                case 5: yield return ((int)(key >> 3), null!, BitConverter.ToUInt32(bytes, at)); at += 4; break;
                default:
                    var length = (int)Varint(bytes, ref at);
                    yield return ((int)(key >> 3), bytes[at..(at + length)], 0);
                    at += length;
                    break;
            }
        }
    }

    private static ulong Varint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            value |= (ulong)(bytes[at] & 0x7f) << shift;
            if ((bytes[at++] & 0x80) == 0) return value;
        }
    }
}
