using System.Diagnostics;
using System.Text;

namespace Guildhall.Foundation;

/// <summary>A program that is started for one piece of work: bytes in, bytes out, an environment with nothing of ours in it. Whatever it is doing when the caller stops waiting, it is ended with
/// everything it started.</summary>
public static class ChildProgram
{
    private const int MostErrors = 16 * 1024, MostLine = 300;

    /// <param name="Code">Its exit code; 128 and a signal's number when it was killed.</param>
    /// <param name="Output">What it wrote.</param>
    /// <param name="Error">The last line of its complaints, 300 characters at most.</param>
    public sealed record Ended(int Code, byte[] Output, string Error);

    /// <summary>Null when the program is not there. Throws <see cref="OperationCanceledException"/> after <paramref name="limit"/> or when stopped, and <see cref="InvalidDataException"/> when it
    /// writes more than <paramref name="most"/> bytes.</summary>
    public static async Task<Ended?> Run(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder, byte[] input, int most, TimeSpan limit, CancellationToken stop)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(limit);
        using var child = Started(start);
        if (child is null) return null;
        try
        {
            var (output, errors) = (Read(child.StandardOutput.BaseStream, most, patience.Token), Read(child.StandardError.BaseStream, MostErrors, patience.Token));
            try
            {
                await child.StandardInput.BaseStream.WriteAsync(input, patience.Token);
                child.StandardInput.Close();
            }
            catch (IOException) { } // it ended early: its exit code says so
            await Task.WhenAll(output, errors);
            await child.WaitForExitAsync(patience.Token);
            var said = Encoding.UTF8.GetString(await errors).Trim().Split('\n')[^1];
            return new Ended(child.ExitCode, await output, said.Length > MostLine ? said[..MostLine] : said);
        }
        finally
        {
            if (!child.HasExited) child.Kill(entireProcessTree: true);
        }
    }

    private static Process? Started(ProcessStartInfo start)
    {
        try { return Process.Start(start); }
        catch (System.ComponentModel.Win32Exception) { return null; }
    }

    private static async Task<byte[]> Read(Stream from, int most, CancellationToken stop)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, stop)) > 0;)
        {
            if (all.Length + read > most) throw new InvalidDataException($"It wrote more than {most} bytes.");
            all.Write(buffer, 0, read);
        }
        return all.ToArray();
    }
}
