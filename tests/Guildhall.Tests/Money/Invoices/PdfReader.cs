using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Guildhall.Tests.Money.Invoices;

/// <summary>Reads a PDF with poppler's tools, which share nothing with the renderer.</summary>
internal sealed class PdfReader(byte[] pdf)
{
    public Task<string> Info() => Ask("pdfinfo", "-");

    public Task<string> Fonts() => Ask("pdffonts", "-");

    /// <summary>The text in reading order, without the marks that say which way a run goes. Poppler hands out a letter's vowel marks before the letter
    /// (it turns the letters of a right-to-left cluster round); <paramref name="marks"/> false leaves them out.</summary>
    public async Task<string> Text(bool marks = true)
    {
        var text = new string([.. (await Ask("pdftotext", "-layout", "-", "-")).Where(c => c is not (>= '\u202a' and <= '\u202e'))]);
        return marks ? text : WithoutMarks(text);
    }

    public static string WithoutMarks(string text) => new([.. text.Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)]);

    private async Task<string> Ask(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(pdf);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, tool);
        return await output;
    }
}
