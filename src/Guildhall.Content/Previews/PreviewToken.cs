using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Guildhall.Foundation.Audit;

namespace Guildhall.Content.Previews;

/// <summary>What the address of a preview says, signed by us: document, version, end, and how often previews of the document were withdrawn before.</summary>
internal sealed record PreviewToken(DocumentId Document, int Version, DateTimeOffset Until, int Epoch)
{
    private const string Purpose = "content-preview";
    private const int FactsLength = 32, SignatureLength = 32;

    public string Write()
    {
        var facts = Facts();
        return Base64Url.EncodeToString([.. facts, .. Sign(facts)]);
    }

    /// <summary>Null for what we did not sign.</summary>
    public static PreviewToken? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[FactsLength + SignatureLength];
        if (text.Length != 86 || !Base64Url.IsValid(text, out var length) || length != bytes.Length) return null;
        Base64Url.DecodeFromChars(text, bytes);
        var facts = bytes[..FactsLength];
        if (!CryptographicOperations.FixedTimeEquals(bytes[FactsLength..], Sign(facts))) return null;
        return new PreviewToken(DocumentId.From(new Guid(facts[..16], bigEndian: true)), BinaryPrimitives.ReadInt32BigEndian(facts[16..]),
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(facts[20..])), BinaryPrimitives.ReadInt32BigEndian(facts[28..]));
    }

    private byte[] Facts()
    {
        var facts = new byte[FactsLength];
        Document.Value.TryWriteBytes(facts, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(facts.AsSpan(16), Version);
        BinaryPrimitives.WriteInt64BigEndian(facts.AsSpan(20), Until.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt32BigEndian(facts.AsSpan(28), Epoch);
        return facts;
    }

    private static byte[] Sign(ReadOnlySpan<byte> facts) => PersonKeys.Blind(Purpose, Convert.ToHexString(facts));
}
