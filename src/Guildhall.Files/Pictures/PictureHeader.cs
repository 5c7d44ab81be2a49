using System.Buffers.Binary;

namespace Guildhall.Files.Pictures;

/// <summary>How wide and high a picture says it is, read from its first parts without decoding anything.</summary>
internal static class PictureHeader
{
    /// <summary>A side, and the whole, at most: larger than any camera's, small enough for the memory of the program that decodes it.</summary>
    public const int MostSide = 16_384, MostPixels = 64_000_000;

    private const int MostParts = 500;

    public static bool IsPicture(string contentType) => contentType.StartsWith("image/", StringComparison.Ordinal);

    /// <summary>Null when it is no picture of this type, or has no size.</summary>
    public static (int Width, int Height)? Size(string contentType, ReadOnlySpan<byte> content)
    {
        var size = contentType switch { "image/jpeg" => Jpeg(content), "image/png" => Png(content), "image/webp" => WebP(content), _ => null };
        return size is { Width: > 0, Height: > 0 } ? size : null;
    }

    public static bool IsTooLarge((int Width, int Height) size) => size.Width > MostSide || size.Height > MostSide || (long)size.Width * size.Height > MostPixels;

    // Parts of FF, a mark and a length, until the one that holds the size: C0 to CF but for three.
    private static (int Width, int Height)? Jpeg(ReadOnlySpan<byte> all)
    {
        if (!all.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return null;
        var at = 2;
        for (var parts = 0; parts < MostParts && at + 4 <= all.Length && all[at] == 0xFF; parts++)
        {
            var mark = all[at + 1];
            if (mark == 0xFF) { at++; continue; } // filling
            if (mark is 0x00 or 0xD8 or 0xD9 or 0xDA) return null;
            if (mark is 0x01 or (>= 0xD0 and <= 0xD7)) { at += 2; continue; }
            var length = BinaryPrimitives.ReadUInt16BigEndian(all[(at + 2)..]);
            if (length < 2 || at + 2 + length > all.Length) return null;
            if (mark is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return length >= 8 ? (BinaryPrimitives.ReadUInt16BigEndian(all[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(all[(at + 5)..])) : null;
            at += 2 + length;
        }
        return null;
    }

    private static (int Width, int Height)? Png(ReadOnlySpan<byte> all)
    {
        if (all.Length < 33 || !all.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) || !all[12..16].SequenceEqual("IHDR"u8)) return null;
        if (BinaryPrimitives.ReadUInt32BigEndian(all[8..]) != 13) return null;
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(all[16..]), BinaryPrimitives.ReadUInt32BigEndian(all[20..]));
        return width > int.MaxValue || height > int.MaxValue ? null : ((int)width, (int)height);
    }

    // Three kinds: lossy, lossless, and with more parts, which says the size of all of them.
    private static (int Width, int Height)? WebP(ReadOnlySpan<byte> all)
    {
        if (all.Length < 30 || !all.StartsWith("RIFF"u8) || !all[8..12].SequenceEqual("WEBP"u8)) return null;
        var kind = all[12..16];
        var data = all[20..];
        if (kind.SequenceEqual("VP8 "u8))
            return data[3] == 0x9D && data[4] == 0x01 && data[5] == 0x2A ? (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF) : null;
        if (kind.SequenceEqual("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            return data[0] == 0x2F ? ((int)(bits & 0x3FFF) + 1, (int)(bits >> 14 & 0x3FFF) + 1) : null;
        }
        return kind.SequenceEqual("VP8X"u8) ? ((data[4] | data[5] << 8 | data[6] << 16) + 1, (data[7] | data[8] << 8 | data[9] << 16) + 1) : null;
    }
}
