using System.Text;
using Guildhall.Files.Pictures;
using Guildhall.Files.Upload;

namespace Guildhall.Tests.Files.Pictures;

/// <summary>Files that are not what is said of them, made here and stored nowhere: each is refused, or what becomes of it is a new picture that holds nothing of it, or it is kept as what cannot run.</summary>
[Covers("A-2")]
public sealed class HostileFilesTests
{
    private static readonly string[] Types = ["image/jpeg", "image/png", "image/webp", "application/pdf", "text/plain"];

    private static readonly (string Name, byte[] Bytes)[] Programs =
    [
        ("php", "<?php system($_GET['evil-mark']); ?>"u8.ToArray()),
        ("html", "<!doctype html><script>alert('evil-mark')</script>"u8.ToArray()),
        ("svg", "<svg xmlns='http://www.w3.org/2000/svg' onload=\"alert('evil-mark')\"/>"u8.ToArray()),
        ("js", "/*evil-mark*/fetch('//evil')"u8.ToArray()), ("shell", "#!/bin/sh\necho evil-mark\n"u8.ToArray()), ("bat", "@echo off\r\nrem evil-mark\r\n"u8.ToArray()), ("exe", [.. "MZ\x90\0\x03\0\0\0"u8, .. "evil-mark"u8]),
        ("elf", [0x7F, .. "ELF\x02\x01\x01\0evil-mark"u8]), ("zip", [.. "PK\x03\x04\x14\0\0\0"u8, .. "evil-mark"u8]),
        ("java", [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 52, .. "evil-mark"u8]), ("xml", "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;evil-mark</x>"u8.ToArray()),
        ("mht", "MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<script>'evil-mark'</script>"u8.ToArray()), ("postscript", "%!PS-Adobe-3.0\n(evil-mark) run\n"u8.ToArray()),
    ];

    private static readonly (string Name, byte[] Start)[] Masks =
    [
        ("nothing", []), ("jpeg", [0xFF, 0xD8, 0xFF, 0xE0]), ("png", PictureFiles.PngStart), ("gif", "GIF89a"u8.ToArray()), ("webp", "RIFF\x40\0\0\0WEBPVP8 "u8.ToArray()), ("tiff", "II*\0\x08\0\0\0"u8.ToArray()),
        ("bmp", "BM\x40\0\0\0"u8.ToArray()), ("utf16", [0xFF, 0xFE]),
    ];

    private readonly PictureTool _tool = new();

    [Fact, Covers("marketplace-43")]
    public void No_program_under_the_mask_of_a_picture_is_taken_for_one()
    {
        var count = 0;
        foreach (var (program, bytes) in Programs)
            foreach (var (mask, start) in Masks)
                foreach (var type in Types)
                {
                    byte[] file = [.. start, .. bytes];
                    var verdict = CheckUpload.Look(type, file.Length, file);
                    if (verdict.State is UploadState.Ready) (type, mask is "nothing" or "gif").ShouldBe(("text/plain", true), $"{program} under the mask of {mask} as {type}"); // words, given out as words to be kept
                    else verdict.Reason.ShouldBeOneOf("type_differs", "picture_broken");
                    count++;
                }
        count.ShouldBeGreaterThan(200);
        foreach (var (program, _) in Programs) foreach (var type in Types) FileKind.MayBeCalled($"photo.jpg.{program}", type).ShouldBeFalse();
    }

    [Fact, Covers("marketplace-43")]
    public async Task What_is_hidden_in_a_whole_picture_is_in_nothing_that_is_made_of_it()
    {
        var plain = (await _tool.Make(PictureFiles.Png(48, 32), default))!.Shown;
        foreach (var (name, program) in Programs)
        {
            byte[] comment = [.. plain[..2], 0xFF, 0xFE, .. PictureFiles.U16(program.Length + 2), .. program, .. plain[2..]];
            foreach (var file in new[] { comment, [.. plain, .. program], PictureFiles.Png(48, 32, PictureFiles.Part("tEXt", [.. "Comment\0"u8, .. program])), [.. PictureFiles.Png(48, 32), .. program] })
            {
                var type = file[0] == 0xFF ? "image/jpeg" : "image/png";
                CheckUpload.Look(type, file.Length, file).ShouldBe(new CheckUpload.Verdict(UploadState.Ready, null, Size: (48, 32)));
                var made = (await _tool.Make(file, default))!;
                foreach (var picture in new[] { made.Shown, made.Small })
                {
                    FileKind.Of(picture).ShouldBe("image/jpeg");
                    Encoding.Latin1.GetString(picture).ShouldNotContain("evil-mark", Case.Sensitive, name);
                }
            }
        }
    }

    [Theory, Covers("marketplace-44")]
    [InlineData(1u, 500_000_000u), InlineData(500_000_000u, 1u), InlineData(50_000u, 50_000u), InlineData(16_385u, 1u), InlineData(1u, 16_385u), InlineData(8_001u, 8_001u), InlineData(2_147_483_647u, 2_147_483_647u)]
    public void A_picture_that_says_it_is_huge_is_refused_from_its_first_bytes(uint width, uint height)
    {
        var png = PictureFiles.PngThatSays(width, height);
        CheckUpload.Look("image/png", png.Length, png).Reason.ShouldBe("picture_too_large");
        if (width > 65_535 || height > 65_535) return;
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC0, 0, 11, 8, .. PictureFiles.U16((int)height), .. PictureFiles.U16((int)width), 1, 1, 0x11, 0];
        CheckUpload.Look("image/jpeg", jpeg.Length, jpeg).Reason.ShouldBe("picture_too_large");
        var (w, h) = (width - 1, height - 1);
        byte[] webp = [.. "RIFF\x40\0\0\0WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, (byte)w, (byte)(w >> 8), (byte)(w >> 16), (byte)h, (byte)(h >> 8), (byte)(h >> 16), 0, 0, 0, 0];
        CheckUpload.Look("image/webp", webp.Length, webp).Reason.ShouldBe("picture_too_large");
    }

    [Theory, Covers("marketplace-44")]
    [InlineData(0u, 10u), InlineData(10u, 0u), InlineData(4_294_967_295u, 1u)]
    public void A_picture_without_a_size_is_none(uint width, uint height)
    {
        var png = PictureFiles.PngThatSays(width, height);
        CheckUpload.Look("image/png", png.Length, png).Reason.ShouldBe("picture_broken");
    }

    [Fact, Covers("marketplace-44")]
    public async Task Whatever_is_cut_off_or_damaged_ends_as_a_picture_or_as_none_and_within_its_limits()
    {
        var dice = new Random(11);
        var (jpeg, png) = (await PictureFiles.FromCamera(), PictureFiles.Png(200, 100));
        var (refused, made, given) = (0, 0, 0);
        for (var i = 0; i < 400; i++)
        {
            var file = (i % 2 == 0 ? jpeg : png).ToArray();
            if (i % 4 < 2) file = file[..dice.Next(1, file.Length)];
            else for (var flips = 0; flips < 6; flips++) file[dice.Next(file.Length)] = (byte)dice.Next(256);
            if (CheckUpload.Look(i % 2 == 0 ? "image/jpeg" : "image/png", file.Length, file) is { State: not UploadState.Ready }) { refused++; continue; }
            if (i % 5 != 0) continue; // what passes the head is opened, one in five: a program for each
            try { FileKind.Of((await _tool.Make(file, default))!.Shown).ShouldBe("image/jpeg"); made++; }
            catch (PictureException) { given++; }
        }
        (refused > 0, made > 0, given > 0).ShouldBe((true, true, true));
        await Should.ThrowAsync<PictureException>(() => _tool.Make("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"u8.ToArray(), default)); // loaders that are not trusted are shut
        await Should.ThrowAsync<PictureException>(() => _tool.Make("%PDF-1.4\n1 0 obj"u8.ToArray(), default));
    }

    [Theory, Covers("marketplace-45")]
    [InlineData("../../etc/passwd.jpg"), InlineData("..\\windows\\a.jpg"), InlineData("a\0.jpg"), InlineData("a\n.jpg"), InlineData("photo.jpg.exe"), InlineData("photo.jpg."), InlineData("CON"), InlineData(".htaccess"),
        InlineData("photo.php%00.jpg\r\nX: y"), InlineData("photo.svg"), InlineData("photo.jpg "), InlineData("\u202Egpj.exe"), InlineData("photo.jpg::$DATA")]
    public void A_name_that_leads_elsewhere_or_says_another_kind_is_not_taken(string name) =>
        (SignUpload.NameFits(name) && FileKind.MayBeCalled(name, "image/jpeg")).ShouldBeFalse();

    [Theory, Covers("marketplace-45")]
    [InlineData("photo.jpg", true), InlineData("صورة.jpg", true), InlineData("CON.jpg", false), InlineData("lpt1.JPEG", false), InlineData("exe\u202Egpj.jpg", false), InlineData("a\u2066b.jpg", false)]
    public void Names_that_a_machine_takes_for_a_device_or_that_read_backwards_are_not_taken(string name, bool taken) => SignUpload.NameFits(name).ShouldBe(taken);
}
