using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Guildhall.Foundation;

/// <summary>A typed id: a UUIDv7 inside, at the API a readable prefix and 26 letters of Crockford base 32 (<c>pay_01k9…</c>).</summary>
public interface IId
{
    Guid Value { get; }
}

/// <inheritdoc cref="IId"/>
public interface IId<TSelf> : IId where TSelf : struct, IId<TSelf>
{
    /// <summary>The letters before the underscore, unique in the product.</summary>
    static abstract string Prefix { get; }

    static abstract TSelf From(Guid value);
}

/// <summary>Makes, writes and reads ids.</summary>
public static class Id
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>A new id whose order follows the given time (UUIDv7, RFC 9562).</summary>
    public static TId New<TId>(DateTimeOffset now) where TId : struct, IId<TId> => TId.From(Guid.CreateVersion7(now));

    public static string Format<TId>(TId id) where TId : struct, IId<TId> => Format(TId.Prefix, id.Value);

    public static string Format(string prefix, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        Span<char> text = stackalloc char[prefix.Length + 27];
        prefix.CopyTo(text);
        text[prefix.Length] = '_';
        var number = new UInt128(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes), System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        for (var i = text.Length - 1; i > prefix.Length; i--, number >>= 5) text[i] = Alphabet[(int)(number & 31)];
        return new string(text);
    }

    public static bool TryParse<TId>(string? text, out TId id) where TId : struct, IId<TId>
    {
        id = default;
        if (!TryParse(text, TId.Prefix, out var value)) return false;
        id = TId.From(value);
        return true;
    }

    public static bool TryParse([NotNullWhen(true)] string? text, string prefix, out Guid value)
    {
        value = default;
        if (text is null || text.Length != prefix.Length + 27 || text[prefix.Length] != '_' || !text.StartsWith(prefix, StringComparison.Ordinal)) return false;
        UInt128 number = 0;
        foreach (var c in text.AsSpan(prefix.Length + 1))
        {
            var digit = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0 || number >> 123 != 0) return false;
            number = (number << 5) | (uint)digit;
        }
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)(number >> 64));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (ulong)number);
        value = new Guid(bytes, bigEndian: true);
        return true;
    }
}

internal sealed class IdJson : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsValueType && typeof(IId).IsAssignableFrom(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<TId> : JsonConverter<TId> where TId : struct, IId<TId>
    {
        public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Id.TryParse<TId>(reader.GetString(), out var id) ? id : throw new JsonException($"An id like {TId.Prefix}_… is expected.");

        public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(Id.Format(value));
    }
}
