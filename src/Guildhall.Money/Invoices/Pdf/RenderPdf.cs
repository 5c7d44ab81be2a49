using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Guildhall.Money.Invoices.Pdf;

/// <summary>Turns a document into a PDF: English, or Arabic shaped and ordered as it is written, with its fonts embedded. The work is done by a child
/// process (Python, Pango, cairo) with an empty environment, no network where the system allows it, 768 MB and 20 s; it is given text and knows
/// no markup, so nothing in a document can name a file or an address. The same document gives the same bytes on one machine. What reads libraries and
/// fonts is kept running, and makes a process of its own for every document.</summary>
internal sealed class RenderPdf(ILogger<RenderPdf> log) : IDisposable
{
    /// <summary>What to install where the renderer is missing.</summary>
    public const string Install = "apt-get install python3 libpangocairo-1.0-0";

    private const int MaxInput = 4 * 1024 * 1024, MaxOutput = 16 * 1024 * 1024, AtOnce = 2;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20), ProbeEvery = TimeSpan.FromMinutes(5);
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Invoices", "Pdf");
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly SemaphoreSlim _turn = new(AtOnce, AtOnce);
    private readonly ConcurrentBag<PdfProcess> _idle = [];
    private (bool Works, string? Why, long At)? _probe;

    /// <summary>Where Python is looked for.</summary>
    internal string Python { get; init; } = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "/usr/local/bin/python3";

    /// <summary>Whether a document can be rendered here, and if not, why. Tried at most every five minutes, unless now is asked for.</summary>
    public async Task<(bool Works, string? Why)> Status(CancellationToken stop, bool now = false)
    {
        if (!now && _probe is { } known && Stopwatch.GetElapsedTime(known.At) < ProbeEvery) return (known.Works, known.Why);
        var (works, why) = (true, (string?)null);
        try
        {
            await Run(new PdfDocument("en", "Probe", "Guildhall", DateTimeOffset.UnixEpoch, "Probe", "1", null, [], [], [], [], [], ""), stop);
        }
        catch (PdfException problem)
        {
            (works, why) = (false, $"{problem.Message} Install it with: {Install}");
            log.LogWarning("pdf_renderer_missing {Why}", problem.Message);
        }
        _probe = (works, why, Stopwatch.GetTimestamp());
        return (works, why);
    }

    /// <summary>The document as PDF. Throws <see cref="PdfException"/> when it cannot be made. Never inside a transaction.</summary>
    public async Task<byte[]> Run(PdfDocument document, CancellationToken stop)
    {
        var input = JsonSerializer.SerializeToUtf8Bytes(Shape(document), Json);
        if (input.Length > MaxInput) throw new PdfException($"The document has {input.Length} bytes; at most {MaxInput} are rendered.");
        await _turn.WaitAsync(stop);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeLimit);
        try
        {
            // One that was kept may have ended since; one that was just started has no such excuse.
            if (_idle.TryTake(out var kept) && await kept.Render(input, MaxOutput, patience.Token) is { } pdf) return Kept(kept, pdf);
            var fresh = PdfProcess.Start(Python, Folder);
            return Kept(fresh, await fresh.Render(input, MaxOutput, patience.Token) ?? throw new PdfException($"The renderer ended with {fresh.Complaint}"));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new PdfException($"The document was not rendered within {TimeLimit.TotalSeconds} seconds.");
        }
        finally { _turn.Release(); }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var process)) process.Dispose();
        _turn.Dispose();
    }

    private byte[] Kept(PdfProcess process, byte[] pdf)
    {
        _idle.Add(process);
        return pdf;
    }

    // Cleaned here, whoever made the document.
    private static object Shape(PdfDocument d) => new
    {
        Language = d.Language == "ar" ? "ar" : "en",
        Title = PdfText.Clean(d.Title),
        Author = PdfText.Clean(d.Author),
        Created = d.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        Heading = PdfText.Clean(d.Heading),
        Number = PdfText.Clean(d.Number),
        Mark = PdfText.Clean(d.Mark),
        Parties = d.Parties.Select(p => new { Title = PdfText.Clean(p.Title), Lines = p.Lines.Select(PdfText.Clean) }),
        Facts = d.Facts.Select(f => new[] { PdfText.Clean(f.Name), PdfText.Clean(f.Value) }),
        Tables = d.Tables.Select(t => new
        {
            Title = PdfText.Clean(t.Title),
            Columns = t.Columns.Select(c => new { Title = PdfText.Clean(c.Title), c.Share, c.Number }),
            Rows = t.Rows.Select(r => r.Select(PdfText.Clean)),
        }),
        Totals = d.Totals.Select(t => new object[] { PdfText.Clean(t.Name), PdfText.Clean(t.Value), t.Strong }),
        Notes = d.Notes.Select(PdfText.Clean),
        Footer = PdfText.Clean(d.Footer),
        PageWords = d.Language == "ar" ? "صفحة {page} من {pages}" : "Page {page} of {pages}",
    };
}

/// <summary>A document could not be rendered: the renderer is missing, was stopped, or the document is too large.</summary>
internal sealed class PdfException(string why) : Exception(why);
