namespace Guildhall.Sandbox.Mail;

internal sealed record Line(byte[] Bytes, bool TooLong);

/// <summary>Lines ended by CRLF (a bare LF is forgiven).
/// A line beyond the limit is read to its end and reported without its content.</summary>
internal sealed class LineReader(Stream stream)
{
    public const int LongestCommand = 4096;

    private readonly byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;

    public async Task<Line?> Read(int longest, CancellationToken stop)
    {
        var line = new MemoryStream();
        var tooLong = false;
        while (true)
        {
            if (start == end)
            {
                (start, end) = (0, await stream.ReadAsync(buffer, stop));
                if (end == 0) return null;
            }

            var stretch = buffer.AsMemory(start, end - start);
            var newline = stretch.Span.IndexOf((byte)'\n');
            var piece = newline < 0 ? stretch : stretch[..newline];
            tooLong |= line.Length + piece.Length > longest;
            if (!tooLong) line.Write(piece.Span);
            start += newline < 0 ? stretch.Length : newline + 1;
            if (newline < 0) continue;

            var bytes = line.ToArray();
            if (bytes is [.., (byte)'\r']) bytes = bytes[..^1];
            return new Line(tooLong ? [] : bytes, tooLong);
        }
    }
}
