using Guildhall.Files;
using Guildhall.Files.Pictures;
using Guildhall.Files.Upload;
using Guildhall.Tests.Marketplace;
using Guildhall.Tests.Web.Pages;

namespace Guildhall.Tests.Files.Pictures;

[Covers("A-2")]
public sealed class MakePreviewTests(FilesWorld world) : IClassFixture<FilesWorld>
{
    [Fact, Covers("marketplace-48")]
    public async Task A_photo_reaches_the_other_side_turned_as_it_was_taken_and_without_the_place_where_it_was_taken()
    {
        var (seller, customer, booking) = await Deal();
        var camera = await PictureFiles.FromCamera();
        var before = await PictureFiles.Says(camera);
        before.ShouldContain("GPSLatitude"); // a reader of other people finds where it was taken
        before.ShouldContain("width: 64");
        var signed = await customer.PutsPicture(booking, camera);
        var ready = await customer.SeesPreview(signed, "made");
        (ready.At("width").GetInt32(), ready.At("height").GetInt32()).ShouldBe((64, 32));

        var shown = await Fetches(seller.Person, signed);
        (shown.ContentType, shown.Name).ShouldBe(("image/jpeg", "my photo.jpg"));
        var after = await PictureFiles.Says(shown.Content);
        after.ShouldContain("width: 32");
        after.ShouldNotContain("GPS");
        after.ShouldNotContain("exif");
        System.Text.Encoding.Latin1.GetString(shown.Content).ShouldNotContain("GUILDHALL-CAMERA");
        // Turned by a quarter: red, which was left, is above; blue is below.
        var dots = after.Split('\n')[^5..^1].Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => double.Parse(n, System.Globalization.CultureInfo.InvariantCulture)).ToArray()).ToList();
        foreach (var red in new[] { dots[0], dots[2] }) red[0].ShouldBeGreaterThan(red[2] + 100);
        foreach (var blue in new[] { dots[1], dots[3] }) (blue[0] < 128).ShouldBeTrue();

        var link = (await seller.Person.Fetches(signed)).Must();
        link.Headers["Content-Disposition"].ShouldStartWith("attachment");
        var small = (await seller.Person.Get($"uploads/{signed.Word("id")}/thumbnail")).Must();
        (small.Headers["Content-Type"], small.Headers["X-Content-Type-Options"], small.Headers["Content-Security-Policy"]).ShouldBe(("image/jpeg", "nosniff", "default-src 'none'; sandbox"));

        (await Fetches(customer, signed, original: true)).Content.ShouldBe(camera); // its owner's own
        (await seller.Person.Get($"uploads/{signed.Word("id")}/content?original=true")).MustRefuse(FilesRefusals.UploadNotFound);
        (await (await world.Customer()).Get($"uploads/{signed.Word("id")}/thumbnail")).MustRefuse(FilesRefusals.UploadNotFound);
    }

    [Fact, Covers("marketplace-44")]
    public async Task A_picture_that_is_too_much_for_its_maker_is_given_up_at_once_and_everything_else_goes_on()
    {
        var (seller, customer, booking) = await Deal();
        var bomb = await customer.PutsPicture(booking, PictureFiles.Bomb(), "image/png");
        var given = await customer.SeesPreview(bomb, "failed");
        (given.Word("previewReason"), given.Word("state")).ShouldBe(("not_decoded", "ready"));
        (await world.Database.Value<int>("select preview_tries from files.uploads where owner_id = $1", customer.Id)).ShouldBe(1);
        (await seller.Person.Fetches(bomb)).MustRefuse(FilesRefusals.NotShown);
        (await seller.Person.Get($"uploads/{bomb.Word("id")}/thumbnail")).MustRefuse(FilesRefusals.NotShown);
        (await customer.Fetches(bomb)).Must();

        await customer.Waits(20.Minutes()); // the sweep passes, and leaves it alone
        var next = await customer.PutsPicture(booking, PictureFiles.Png(40, 20), "image/png");
        await customer.SeesPreview(next, "made");
        (await world.Database.Value<int>("select preview_tries from files.uploads where owner_id = $1 and preview = 'failed'", customer.Id)).ShouldBe(1);
    }

    [Fact, Covers("marketplace-44")]
    public async Task A_picture_whose_maker_dies_again_and_again_is_given_up()
    {
        var (_, customer, booking) = await Deal();
        var signed = await customer.PutsPicture(booking, PictureFiles.Png(40, 20), "image/png");
        await customer.SeesPreview(signed, "made");
        // As three nodes leave it that died while they looked.
        await world.Database.Execute("""
            update files.uploads set preview = 'making', preview_tries = 3, preview_at = $2, shown_sha256 = null, shown_bytes = null, small_sha256 = null, small_bytes = null where owner_id = $1
            """, customer.Id, world.Clock.Now);
        await customer.Waits(12.Minutes());
        (await customer.SeesPreview(signed, "failed")).Word("previewReason").ShouldBe("worker_died");
    }

    [Fact]
    public async Task Without_the_program_a_picture_waits_for_it_and_goes_to_nobody_else()
    {
        var missing = new PictureTool { Program = "/nowhere/vipsthumbnail" };
        var (works, why) = await missing.Status(default);
        (works, why).ShouldBe((false, "/nowhere/vipsthumbnail was not found. Install it with: apt-get install libvips-tools"));
        (await missing.Make(PictureFiles.Png(4, 4), default)).ShouldBeNull();
        var (seller, customer, booking) = await Deal();
        var signed = await customer.PutsPicture(booking, PictureFiles.Png(40, 20), "image/png");
        await customer.SeesPreview(signed, "made");
        await world.Database.Execute("update files.uploads set preview = 'waiting', preview_tries = 0 where owner_id = $1", customer.Id);
        (await seller.Person.Fetches(signed)).MustRefuse(FilesRefusals.NotReady);
        (await customer.Fetches(signed)).Must();
        await customer.Waits(2.Minutes());
        await customer.SeesPreview(signed, "made"); // as soon as the sweep finds the program
    }

    [Fact]
    public async Task A_program_that_hangs_is_ended_and_one_that_talks_without_end_too()
    {
        var folder = Directory.CreateTempSubdirectory("guildhall-pictures-");
        try
        {
            (await Breaks("#!/bin/sh\nexec yes\n")).ShouldContain("wrote more than");
            (await Breaks("#!/bin/sh\nexec sleep 600\n", 1)).ShouldContain("not done within 1 seconds");
            (await Breaks("#!/bin/sh\necho no picture\n")).ShouldContain("ended with 0");
        }
        finally { folder.Delete(recursive: true); }

        async Task<string> Breaks(string script, int seconds = 20)
        {
            var program = Path.Combine(folder.FullName, Guid.NewGuid().ToString("n"));
            await File.WriteAllTextAsync(program, script);
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            return (await Should.ThrowAsync<PictureException>(() => new PictureTool { Program = program, Patience = TimeSpan.FromSeconds(seconds) }.Make([1], default))).Message;
        }
    }

    [Fact, Covers("B-10")]
    public async Task The_technician_puts_in_photos_of_the_work_before_and_after_and_the_customer_sees_them()
    {
        var (seller, customer, booking) = await Deal(visit: true);
        (await customer.Post("uploads", new { subject = booking.Word("id"), name = "a.png", contentType = "image/png", bytes = 10, kind = "before" })).MustRefuse(FilesRefusals.NotYourWork);
        (await seller.Person.Post("uploads", new { subject = booking.Word("id"), name = "a.txt", contentType = "text/plain", bytes = 10, kind = "after" })).MustRefuse(FilesRefusals.PhotoNeeded);
        var (theirs, desk, page) = (await Browser(seller.Person), $"/desk/bookings/{booking.Word("id")}", $"/bookings/{booking.Word("id")}");
        var form = await theirs.Form(desk, page + "/files");
        foreach (var kind in new[] { "before", "after" })
        {
            form["kind"] = kind;
            (await theirs.Follows(await theirs.PostsFile(page + "/files", form, $"{kind} work.jpg", await PictureFiles.FromCamera()))).Must().Text.ShouldContain("The file is here");
        }
        var guest = await Browser(customer);
        var shown = await Eventually.Get(() => guest.Opens(page), a => a.Text.Split("/thumbnail\"").Length == 3, "The customer does not see both photos");
        shown.Text.ShouldContain("alt=\"Before: before work.jpg\"");
        shown.Text.ShouldContain("alt=\"After: after work.jpg\"");
        shown.Text.ShouldNotContain("Add as before");
        var small = shown.Text[..shown.Text.IndexOf("/thumbnail\"", StringComparison.Ordinal)];
        (await guest.Opens(small[small.LastIndexOf("/files/", StringComparison.Ordinal)..] + "/thumbnail")).Must().Headers["Content-Type"].ShouldBe("image/jpeg");

        var (other, stranger, talk) = await Deal();
        (await other.Person.Post("uploads", new { subject = talk.Word("id"), name = "a.png", contentType = "image/png", bytes = 10, kind = "before" })).MustRefuse(FilesRefusals.NotYourWork); // no visit
        (await stranger.Get($"uploads?subject={booking.Word("id")}")).MustRefuse(FilesRefusals.SubjectNotFound);
    }

    [Fact]
    public async Task Who_is_erased_takes_what_was_made_of_a_picture_along()
    {
        var (_, customer, booking) = await Deal();
        var signed = await customer.PutsPicture(booking, PictureFiles.Png(40, 20), "image/png");
        await customer.SeesPreview(signed, "made");
        world.OnDisk.Count(f => f.Contains(signed.Word("id"), StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(3);
        await world.Data().InTransaction(tx => world.Get<IEnumerable<Guildhall.Foundation.Security.PersonalData>>().Single(p => p.Section == "files").Erase(tx, customer.Id));
        await world.Clock.Passes(1.Hours());
        await world.EventuallyOr("Something of it is still there.", () => Task.FromResult(!world.OnDisk.Any(f => f.Contains(signed.Word("id"), StringComparison.Ordinal))));
    }

    private async Task<DownloadUpload.File> Fetches(Person person, Answer signed, bool original = false) =>
        (await DownloadUpload.Run(world.Data(), world.Get<UploadParts>(), MarketplaceWorld.CallerOf(person.Id), Id.TryParse<UploadId>(signed.Word("id"), out var id) ? id : default, default, original)).OrThrow();

    private async Task<(Seller Seller, Person Customer, Answer Booking)> Deal(bool visit = false)
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        if (visit) await world.Database.Execute("update marketplace.services set kind = 'visit' where provider_id = (select id from marketplace.providers where account_id = $1)", seller.Person.Id);
        return (seller, customer, await customer.BooksAndPays(seller));
    }

    private async Task<Guest> Browser(Person person)
    {
        var guest = new Guest(world);
        (await guest.Sends("/sign-in", "/sign-in", ("email", person.Email), ("password", Person.Password))).Must(303);
        return guest;
    }
}
