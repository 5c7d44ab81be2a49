using System.Diagnostics;
using Guildhall.Money.Invoices.Pdf;
using Microsoft.Extensions.Logging.Abstractions;

namespace Guildhall.Tests.Money.Invoices;

/// <summary>What the renderer writes, as a reader of PDF files finds it.</summary>
public sealed class RenderPdfTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
    private readonly RenderPdf _renderer = new(NullLogger<RenderPdf>.Instance);

    [Fact]
    [Covers("M-18")]
    public async Task English_is_laid_out_with_its_fonts_inside_and_says_what_it_is()
    {
        var pdf = new PdfReader(await Rendered(Document("en", "A consultation, first part")));
        var (text, info, fonts) = (await pdf.Text(), await pdf.Info(), await pdf.Fonts());

        foreach (var words in new[] { "Invoice", "INV-2026-000001", "A consultation, first part", "1,234.500 KWD", "Page 1 of 1", "Seller WLL" }) text.ShouldContain(words);
        info.ShouldContain("Invoice INV-2026-000001");
        info.ShouldContain("Sat Nov 21 10:00:00 2026 UTC");
        info.ShouldContain("JavaScript:      no");
        fonts.ShouldContain("GuildhallSans");
        fonts.Split('\n').Skip(2).Where(line => line.Length > 0).ShouldAllBe(line => line.Contains("yes yes yes", StringComparison.Ordinal), "every font is embedded, a subset, and readable");
    }

    [Theory]
    [InlineData("السلام عليكم ورحمة الله")]
    [InlineData("لا إله إلا الأول لأن الإجمالي لآخر")]
    [InlineData("الإجمالي، ثم الضريبة")]
    [InlineData("الاستشارة رقم 3 مع Omar لمدة 45 دقيقة")]
    [InlineData("المبلغ 12.500 KWD شامل الضريبة")]
    [InlineData("شركة عمر الصباح (Omar Al-Sabah Ltd)")]
    [Covers("M-18")]
    public async Task Arabic_is_found_by_its_letters_in_the_order_they_are_read(string line)
    {
        var text = Squeezed(await new PdfReader(await Rendered(Document("ar", line))).Text());
        foreach (var word in line.Split(' ')) text.ShouldContain(word.Trim('(', ')', '،'));
        // Poppler takes a comma or a Latin word for the end of a phrase and hands out the phrases in an order of its own.
        if (line.All(c => char.IsLetter(c) && !char.IsAscii(c) || c == ' ')) text.ShouldContain(line);
    }

    [Fact]
    [Covers("M-18")]
    public async Task Vowel_marks_stay_on_their_letters_and_do_not_hide_the_word()
    {
        const string name = "السيّد مُحَمَّد";
        var pdf = new PdfReader(await Rendered(Document("ar", name)));
        Squeezed(await pdf.Text(marks: false)).ShouldContain(PdfReader.WithoutMarks(name));
        var text = await pdf.Text();
        foreach (var mark in "\u064f\u064e\u0651") text.ShouldContain(mark);
    }

    [Fact]
    [Covers("M-18")]
    public async Task Arabic_letters_are_drawn_joined()
    {
        // Four forms of the letter ba, one letter of text: other glyphs, the same character.
        var fonts = await new PdfReader(await Rendered(Document("ar", "ببب ب"))).Text();
        fonts.ShouldContain("ببب");
        var joined = await Rendered(Document("ar", "بببببب"));
        var apart = await Rendered(Document("ar", "ب ب ب ب ب ب"));
        joined.Length.ShouldNotBe(apart.Length);
    }

    [Fact]
    [Covers("M-18")]
    public async Task The_same_document_gives_the_same_bytes()
    {
        var first = await Rendered(Document("ar", "استشارة"));
        (await Rendered(Document("ar", "استشارة"))).ShouldBe(first);
        (await Rendered(Document("ar", "استشارات"))).ShouldNotBe(first);
    }

    [Fact]
    [Covers("M-18")]
    public async Task What_somebody_typed_is_only_ever_text()
    {
        const string hostile = "<img src=file:///etc/passwd><link rel=stylesheet href=http://127.0.0.1:9/x>@import url(file:///etc/hostname);</p>{{7*7}}\0\u202e live";
        var text = Squeezed(await new PdfReader(await Rendered(Document("en", hostile))).Text());
        text.ShouldContain("file:///etc/passwd");
        text.ShouldContain("{{7*7}}");
        text.ShouldNotContain("root:");
        text.ShouldContain(" live");
        (await Rendered(Document("ar", hostile))).Length.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Characters_that_turn_the_direction_are_taken_out()
    {
        PdfText.Clean("a\u202eb\u2066c\u2069d\u0007e\r\nf").ShouldBe("abcd e  f");
        PdfText.Clean(new string('x', 10_000)).Length.ShouldBe(2001);
        PdfText.Clean("\ud800 lone").ShouldBe("lone");
    }

    [Theory, InlineData("x"), InlineData("م"), InlineData("مُّ"), InlineData("🙂 "), InlineData("سلام ")]
    [Covers("M-18")]
    public async Task Ten_thousand_characters_are_cut_and_broken_over_lines(string unit)
    {
        var watch = Stopwatch.StartNew();
        var info = await new PdfReader(await Rendered(Document("ar", string.Concat(Enumerable.Repeat(unit, 10_000))))).Info();
        info.ShouldContain("Pages:");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    [Covers("M-18")]
    public async Task Many_lines_go_over_pages_with_the_heads_on_each_and_the_pages_counted()
    {
        var document = Document("en", "first") with
        {
            Tables = [new PdfTable(null, [new PdfColumn("What", 5), new PdfColumn("Amount", 2, Number: true)], [.. Enumerable.Range(1, 60).Select(i => (IReadOnlyList<string>)[$"Line number {i}", $"{i}.000"])])],
        };
        var pdf = new PdfReader(await Rendered(document));
        (await pdf.Info()).ShouldContain("Pages:           3");
        var text = await pdf.Text();
        for (var i = 1; i <= 60; i++) text.ShouldContain($"Line number {i} ");
        text.Split("What").Length.ShouldBe(4);
        text.ShouldContain("Page 3 of 3");
    }

    [Fact]
    [Covers("M-18")]
    public async Task Amounts_keep_the_digits_of_their_currency_and_their_sign_before_them()
    {
        PdfText.Say(new Amount(1_234_500, Currency.Of("KWD"))).ShouldBe("1,234.500 KWD");
        PdfText.Say(new Amount(-1_234, Currency.Of("JPY"))).ShouldBe("-1,234 JPY");
        var text = await new PdfReader(await Rendered(Document("ar", "سطر") with { Totals = [new PdfTotal("الإجمالي", PdfText.Say(new Amount(-1_234, Currency.Of("JPY"))), true)] })).Text();
        text.ShouldContain("-1,234 JPY");
    }

    [Fact]
    public async Task Without_the_renderer_it_says_what_to_install()
    {
        var missing = new RenderPdf(NullLogger<RenderPdf>.Instance) { Python = "/nowhere/python3" };
        await Should.ThrowAsync<PdfException>(() => missing.Run(Document("en", "x"), default));
        var (works, why) = await missing.Status(default);
        works.ShouldBeFalse();
        why!.ShouldContain(RenderPdf.Install);
        (await _renderer.Status(default)).ShouldBe((true, null));
    }

    [Fact]
    public async Task One_that_cannot_be_made_and_one_that_was_killed_cost_the_next_nothing()
    {
        var home = Directory.CreateTempSubdirectory("guildhall-renderer-");
        try
        {
            var (python, started) = (Path.Combine(home.FullName, "python"), Path.Combine(home.FullName, "started"));
            await File.WriteAllTextAsync(python, $"#!/bin/sh\necho $$ >> {started}\nexec {_renderer.Python} \"$@\"\n");
            File.SetUnixFileMode(python, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            using var renderer = new RenderPdf(NullLogger<RenderPdf>.Instance) { Python = python };
            var first = await renderer.Run(Document("en", "x"), default);
            (await renderer.Run(Document("en", "x"), default)).ShouldBe(first);
            (await File.ReadAllLinesAsync(started)).Length.ShouldBe(1);

            var rows = Enumerable.Repeat((IReadOnlyList<string>)["x", "1"], 20_000).ToList();
            var problem = await Should.ThrowAsync<PdfException>(() => renderer.Run(Document("en", "x") with { Tables = [new PdfTable(null, [new PdfColumn("a", 1), new PdfColumn("b", 1)], rows)] }, default));
            problem.Message.ShouldContain("pages");
            (await renderer.Run(Document("en", "x"), default)).ShouldBe(first);

            using var kept = Process.GetProcessById(int.Parse((await File.ReadAllLinesAsync(started))[^1], System.Globalization.CultureInfo.InvariantCulture));
            kept.Kill();
            await kept.WaitForExitAsync();
            (await renderer.Run(Document("en", "x"), default)).ShouldBe(first);
        }
        finally { home.Delete(recursive: true); }
    }

    [Fact]
    public async Task A_document_too_large_is_refused_before_a_child_is_started()
    {
        var rows = Enumerable.Repeat((IReadOnlyList<string>)[new string('x', 2000), "1"], 3000).ToList();
        await Should.ThrowAsync<PdfException>(() => Rendered(Document("en", "x") with { Tables = [new PdfTable(null, [new PdfColumn("a", 1), new PdfColumn("b", 1)], rows)] }));
    }

    private Task<byte[]> Rendered(PdfDocument document) => _renderer.Run(document, default);

    private static string Squeezed(string text) => string.Join(' ', text.Split((char[])[' ', '\n', '\f'], StringSplitOptions.RemoveEmptyEntries));

    private static PdfDocument Document(string language, string line) => new(language, "Invoice INV-2026-000001", "Seller WLL", At, language == "ar" ? "فاتورة" : "Invoice", "INV-2026-000001", null,
        [new PdfParty("Seller", ["Seller WLL", "Kuwait"]), new PdfParty("Buyer", ["Omar"])], [new PdfFact("Issued", PdfText.Day(At, language))],
        [new PdfTable(null, [new PdfColumn("What", 5), new PdfColumn("Amount", 2, Number: true)], [[line, "1,234.500"]])],
        [new PdfTotal("Total", "1,234.500 KWD", Strong: true)], ["Thank you."], "Seller WLL, Kuwait");
}
