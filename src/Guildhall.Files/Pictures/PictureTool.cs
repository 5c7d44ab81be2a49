using System.Diagnostics;
using Guildhall.Foundation;

namespace Guildhall.Files.Pictures;

/// <summary>What became of a picture: turned the way its camera was held, without anything else that the camera wrote, and a small one.</summary>
internal sealed record MadePictures(byte[] Shown, byte[] Small);

/// <summary>Makes the pictures that others see, by libvips in a program of its own: an empty environment, only loaders that libvips trusts, 768 MB, ten seconds of work, twenty of time, no files
/// over a megabyte, bytes in and bytes out, two at once. What it writes is a new JPEG: nothing that was hidden in the old file is in it.</summary>
internal sealed class PictureTool
{
    /// <summary>What to install where it is missing.</summary>
    public const string Install = "apt-get install libvips-tools";

    private const int MostShown = 12 * 1024 * 1024, MostSmall = 512 * 1024, AtOnce = 2, SmallSide = 320, ShownSide = 2048;

    // A program cannot be handed limits by .NET: the shell sets them and becomes the program. Memory in kB, work in seconds, files in blocks of 512 bytes (libvips keeps compiled code in one).
    private const string Limited = "ulimit -v 786432; ulimit -t 10; ulimit -f 2048; ulimit -n 64; ulimit -c 0; exec \"$0\" \"$@\"";
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMinutes(5);

    // With VIPS_BLOCK_UNTRUSTED the loaders for SVG, PDF, and whatever ImageMagick knows are shut. The threshold keeps large pictures in memory, which is limited, instead of on the disk.
    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal)
    {
        ["VIPS_BLOCK_UNTRUSTED"] = "1", ["VIPS_CONCURRENCY"] = "1", ["VIPS_DISC_THRESHOLD"] = "1g", ["LC_ALL"] = "C.UTF-8", ["HOME"] = "/nonexistent",
    };

    private readonly SemaphoreSlim _turn = new(AtOnce, AtOnce);
    private (bool Works, string? Why, long At)? _probe;

    /// <summary>Where the program is looked for.</summary>
    internal string Program { get; init; } = File.Exists("/usr/bin/vipsthumbnail") ? "/usr/bin/vipsthumbnail" : "/usr/local/bin/vipsthumbnail";

    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether pictures can be made here, and if not, why. Tried at most every five minutes, unless now is asked for.</summary>
    public async Task<(bool Works, string? Why)> Status(CancellationToken stop, bool now = false)
    {
        if (!now && _probe is { } known && Stopwatch.GetElapsedTime(known.At) < ProbeEvery) return (known.Works, known.Why);
        string? why = null;
        if (!File.Exists(Program)) why = $"{Program} was not found. Install it with: {Install}";
        else
        {
            try { await Make(Convert.FromBase64String(Probe), stop); }
            catch (PictureException problem) { why = problem.Message; }
        }
        _probe = (why is null, why, Stopwatch.GetTimestamp());
        return (why is null, why);
    }

    /// <summary>Null when the program is missing. Throws <see cref="PictureException"/> when it does not make anything of this.</summary>
    public async Task<MadePictures?> Make(byte[] content, CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            if (!File.Exists(Program)) return null;
            var shown = await Run(content, ["stdin", "--size", $"{ShownSide}x{ShownSide}>", "-e", "srgb", "-o", ".jpg[Q=82,strip,background=255]"], MostShown, stop);
            return new MadePictures(shown, await Run(shown, ["stdin", "--size", $"{SmallSide}x{SmallSide}>", "-o", ".jpg[Q=75,strip]"], MostSmall, stop));
        }
        finally { _turn.Release(); }
    }

    private async Task<byte[]> Run(byte[] input, string[] arguments, int most, CancellationToken stop)
    {
        try
        {
            var ended = await ChildProgram.Run("/bin/sh", ["-c", Limited, Program, .. arguments], Environment, "/", input, most, Patience, stop) ?? throw new PictureException("/bin/sh was not found.");
            return ended.Code == 0 && ended.Output.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? ended.Output : throw new PictureException($"It ended with {ended.Code}.");
        }
        catch (InvalidDataException problem) { throw new PictureException(problem.Message); }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested) { throw new PictureException($"It was not done within {Patience.TotalSeconds} seconds."); }
    }

    // A PNG of one dot.
    private const string Probe = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
}

/// <summary>No picture could be made of these bytes.</summary>
internal sealed class PictureException(string why) : Exception(why);
