using System.Buffers.Binary;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Guildhall.Files.Pictures;

namespace Guildhall.Tests.Files.Pictures;

/// <summary>Pictures as cameras and as enemies make them.</summary>
internal static class PictureFiles
{
    public static readonly byte[] PngStart = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A PNG, left half red and right half blue, with more parts between its head and its dots.</summary>
    public static byte[] Png(int width, int height, params byte[][] more)
    {
        var rows = new byte[height * (1 + width * 3)];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) rows[y * (1 + width * 3) + 1 + x * 3 + (x < width / 2 ? 0 : 2)] = 255;
        return [.. PngStart, .. Head(width, height, 8, 2), .. more.SelectMany(m => m), .. Part("IDAT", Squeezed(rows)), .. Part("IEND", [])];
    }

    /// <summary>Only the head is true: so many dots are said.</summary>
    public static byte[] PngThatSays(uint width, uint height) => [.. PngStart, .. Head(width, height, 8, 2), .. Part("IDAT", Squeezed(new byte[100])), .. Part("IEND", [])];

    /// <summary>A whole PNG of two megabytes that takes half a gigabyte to open: 64 million dots of eight bytes in seven passes.</summary>
    public static byte[] Bomb()
    {
        const int side = 8000;
        using var packed = new MemoryStream();
        using (var pack = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            foreach (var (x, y, dx, dy) in new[] { (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2) })
            {
                var row = new byte[1 + (side - x + dx - 1) / dx * 8];
                for (var i = 0; i < (side - y + dy - 1) / dy; i++) pack.Write(row);
            }
        return [.. PngStart, .. Head(side, side, 16, 6, interlaced: true), .. Part("IDAT", packed.ToArray()), .. Part("IEND", [])];
    }

    public static byte[] Part(string kind, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(kind), .. data];
        var part = new byte[8 + named.Length];
        BinaryPrimitives.WriteInt32BigEndian(part, data.Length);
        named.CopyTo(part, 4);
        BinaryPrimitives.WriteUInt32BigEndian(part.AsSpan(part.Length - 4), Crc(named));
        return part;
    }

    /// <summary>A JPEG of a camera that was held upright: its first rows are the picture's right edge (orientation 6), taken at 29° north.</summary>
    public static async Task<byte[]> FromCamera()
    {
        var plain = (await new PictureTool().Make(Png(64, 32), default))!.Shown;
        byte[] tiff = [.. "MM\0*"u8, .. U32(8),
            .. U16(2), .. U16(0x0112), .. U16(3), .. U32(1), .. U16(6), .. U16(0), .. U16(0x8825), .. U16(4), .. U32(1), .. U32(38), .. U32(0),
            .. U16(2), .. U16(1), .. U16(2), .. U32(2), .. "N\0\0\0"u8, .. U16(2), .. U16(5), .. U32(3), .. U32(68), .. U32(0),
            .. U32(29), .. U32(1), .. U32(22), .. U32(1), .. U32(33), .. U32(1), .. "GUILDHALL-CAMERA"u8];
        byte[] exif = [.. "Exif\0\0"u8, .. tiff];
        return [.. plain[..2], 0xFF, 0xE1, .. U16(exif.Length + 2), .. exif, .. plain[2..]];
    }

    /// <summary>What a reader of other people finds in it.</summary>
    public static async Task<string> Says(byte[] picture)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, picture);
            return await Support.Shell.Bash($"vipsheader -a {file}; for at in '2 2' '2 60' '29 2' '29 60'; do vips getpoint {file} $at 2>/dev/null || echo none; done");
        }
        finally { File.Delete(file); }
    }

    /// <summary>Begun, put and confirmed.</summary>
    public static async Task<Answer> PutsPicture(this Visitor person, Answer booking, byte[] bytes, string type = "image/jpeg", string kind = "file")
    {
        var signed = (await person.Post("uploads", new { subject = booking.Word("id"), name = "my photo." + type.Split('/')[1], contentType = type, bytes = bytes.Length, kind })).Must(201);
        (await person.Send(HttpMethod.Put, FileTalk.PathOf(signed), new ByteArrayContent(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } })).Must(204);
        (await person.Confirms(signed)).Must(202);
        return signed;
    }

    public static Task<Answer> SeesPreview(this Visitor person, Answer signed, string state) =>
        Eventually.Get(() => person.Get($"uploads/{signed.Word("id")}"), a => a.Status == 200 && a.Word("preview") == state, $"Its preview was expected to become {state}");

    private static byte[] Head(long width, long height, byte bits, byte colours, bool interlaced = false) => Part("IHDR", [.. U32((uint)width), .. U32((uint)height), bits, colours, 0, 0, (byte)(interlaced ? 1 : 0)]);

    private static byte[] Squeezed(byte[] rows)
    {
        using var packed = new MemoryStream();
        using (var pack = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) pack.Write(rows);
        return packed.ToArray();
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
        }
        return ~crc;
    }

    public static byte[] U16(int n) => [(byte)(n >> 8), (byte)n];

    public static byte[] U32(uint n) => [(byte)(n >> 24), (byte)(n >> 16), (byte)(n >> 8), (byte)n];
}
