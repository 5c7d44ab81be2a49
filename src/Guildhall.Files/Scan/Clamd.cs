using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Guildhall.Foundation.Http;

namespace Guildhall.Files.Scan;

/// <summary>Where ClamAV's daemon listens: a host and port, or a socket of this machine.</summary>
public sealed record ClamdOptions(string? Host, int Port, string? Socket)
{
    /// <summary>Reads <c>tcp://host:port</c> or <c>unix:/path</c>; null for anything else.</summary>
    public static ClamdOptions? Parse(string text)
    {
        if (text.StartsWith("unix:/", StringComparison.Ordinal)) return new ClamdOptions(null, 0, "/" + text["unix:".Length..].TrimStart('/'));
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "tcp", Port: > 0, AbsolutePath: "" or "/", UserInfo: "" } ? new ClamdOptions(address.DnsSafeHost, address.Port, null) : null;
    }
}

/// <summary>What the scanner said: clean, what it found, or why nobody knows.</summary>
internal abstract record ScanAnswer
{
    private ScanAnswer() { }

    public sealed record Clean : ScanAnswer;

    public sealed record Found(string What) : ScanAnswer;

    public sealed record Unknown(string Why) : ScanAnswer;
}

/// <summary>ClamAV by INSTREAM: parts with their length before them, an empty one at the end, one line back. Only the very word of a clean file is believed. Thirty seconds a
/// file, four at once; a scan may be made again.</summary>
internal sealed class Clamd(ClamdOptions options)
{
    private const int AtOnce = 4, Part = 64 * 1024, MostAnswer = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), ConnectsWithin = TimeSpan.FromSeconds(5);
    private readonly Circuit _circuit = new(AtOnce);

    public PartyStatus Status => _circuit.Status;

    public async Task<ScanAnswer> Scan(ReadOnlyMemory<byte> content, CancellationToken stop)
    {
        try
        {
            return Read(await _circuit.Run(async token =>
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
                limit.CancelAfter(Patience);
                return await Ask(content, limit.Token);
            }, _ => false, stop));
        }
        catch (CircuitOpenException resting) { return new ScanAnswer.Unknown(resting.Message); }
        catch (Exception problem) when (problem is SocketException or IOException or OperationCanceledException && !stop.IsCancellationRequested) { return Away(problem.GetType().Name); }
    }

    /// <summary>Finds nothing in harmless words, and finds the string that every scanner is to find. Null when so, else what is wrong.</summary>
    public async Task<string?> Try(CancellationToken stop) => (await Scan("Harmless words."u8.ToArray(), stop), await Scan(Encoding.ASCII.GetBytes(TestString), stop)) switch
    {
        (ScanAnswer.Clean, ScanAnswer.Found) => null,
        (ScanAnswer.Unknown(var why), _) => why,
        (_, ScanAnswer.Unknown(var why)) => why,
        (_, ScanAnswer.Clean) => "It does not find the test string of EICAR.",
        _ => "It finds something in harmless words.",
    };

    // Written in two parts, so that no scanner finds this file.
    internal static string TestString => @"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*";

    private async Task<string> Ask(ReadOnlyMemory<byte> content, CancellationToken stop)
    {
        using var socket = options.Socket is null ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true } : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            limit.CancelAfter(ConnectsWithin);
            if (options.Socket is { } path) await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), limit.Token);
            else await socket.ConnectAsync(options.Host!, options.Port, limit.Token);
        }
        await using var stream = new NetworkStream(socket);
        try { await Send(stream, content, stop); }
        catch (IOException) { } // it may have said why before it hung up
        return await Answer(stream, stop);
    }

    private static async Task Send(NetworkStream stream, ReadOnlyMemory<byte> content, CancellationToken stop)
    {
        var length = new byte[4];
        await stream.WriteAsync("zINSTREAM\0"u8.ToArray(), stop);
        for (var at = 0; at < content.Length; at += Part)
        {
            var part = content.Slice(at, Math.Min(Part, content.Length - at));
            BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
            await stream.WriteAsync(length, stop);
            await stream.WriteAsync(part, stop);
        }
        await stream.WriteAsync(new byte[4], stop);
    }

    private static async Task<string> Answer(NetworkStream stream, CancellationToken stop)
    {
        var (buffer, length) = (new byte[MostAnswer], 0);
        while (length < buffer.Length && await stream.ReadAsync(buffer.AsMemory(length), stop) is > 0 and var read)
        {
            length += read;
            if (buffer.AsSpan(0, length).IndexOf((byte)0) is >= 0 and var end) return Encoding.UTF8.GetString(buffer, 0, end);
        }
        throw new IOException("The answer has no end.");
    }

    private ScanAnswer Read(string answer)
    {
        const string of = "stream: ", found = " FOUND";
        if (answer is "stream: OK")
        {
            _circuit.Works();
            return new ScanAnswer.Clean();
        }
        if (answer.StartsWith(of, StringComparison.Ordinal) && answer.EndsWith(found, StringComparison.Ordinal) && answer.Length > of.Length + found.Length)
        {
            _circuit.Works();
            return new ScanAnswer.Found(Safe(answer[of.Length..^found.Length]));
        }
        return Away(Safe(answer));
    }

    private ScanAnswer.Unknown Away(string why)
    {
        _circuit.Fails(why);
        return new ScanAnswer.Unknown(why);
    }

    private static string Safe(string text) => new([.. text.Where(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or '-' or '_' or ':').Take(100)]);
}
