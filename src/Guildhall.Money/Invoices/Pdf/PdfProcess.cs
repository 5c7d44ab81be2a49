using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;

namespace Guildhall.Money.Invoices.Pdf;

/// <summary>One running renderer: a document in, a PDF out, each with its length before it. It ends when its input does, so none outlives its node.</summary>
internal sealed class PdfProcess : IDisposable
{
    private const int LongestComplaint = 300;
    private readonly Process _process;
    private string _complaint = "";
    private bool _ended;

    private PdfProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => _complaint = string.IsNullOrWhiteSpace(line.Data) ? _complaint : line.Data;
        process.BeginErrorReadLine();
    }

    /// <summary>Its exit code, and the last line of what it complained about.</summary>
    public string Complaint { get; private set; } = "";

    public static PdfProcess Start(string python, string folder)
    {
        var start = new ProcessStartInfo(python, ["-I", "-B", Path.Combine(folder, "render_pdf.py")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder,
        };
        start.Environment.Clear();
        start.Environment["FONTCONFIG_FILE"] = Path.Combine(folder, "fonts", "fonts.conf");
        start.Environment["LC_ALL"] = "C.UTF-8";
        try { return new PdfProcess(Process.Start(start)!); }
        catch (Win32Exception) { throw new PdfException($"{python} was not found."); }
    }

    /// <summary>The document's PDF, or null when the process ended instead. Whatever else happens, it is ended with everything it started.</summary>
    public async Task<byte[]?> Render(byte[] input, int most, CancellationToken stop)
    {
        var served = false;
        try
        {
            var (to, from, length) = (_process.StandardInput.BaseStream, _process.StandardOutput.BaseStream, new byte[4]);
            BinaryPrimitives.WriteInt32BigEndian(length, input.Length);
            await to.WriteAsync(length, stop);
            await to.WriteAsync(input, stop);
            await to.FlushAsync(stop);
            await from.ReadExactlyAsync(length, stop);
            var size = BinaryPrimitives.ReadInt32BigEndian(length);
            if (size < 0 || size > most) throw new PdfException($"The renderer wrote more than {most} bytes.");
            var pdf = new byte[size];
            await from.ReadExactlyAsync(pdf, stop);
            if (!pdf.AsSpan().StartsWith("%PDF-"u8)) throw new PdfException("The renderer wrote something else than a PDF.");
            served = true;
            return pdf;
        }
        catch (IOException) // its input is closed, or its output ended: EndOfStreamException is one too
        {
            await _process.WaitForExitAsync(stop);
            Complaint = $"{_process.ExitCode}: {(_complaint.Length > LongestComplaint ? _complaint[..LongestComplaint] : _complaint)}";
            return null;
        }
        finally
        {
            if (!served) Dispose();
        }
    }

    public void Dispose()
    {
        if (_ended) return;
        _ended = true;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
