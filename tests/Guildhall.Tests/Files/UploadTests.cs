using Guildhall.Files;
using Guildhall.Files.Upload;

namespace Guildhall.Tests.Files;

[Covers("A-2")]
public sealed class UploadTests(FilesWorld world) : IClassFixture<FilesWorld>
{
    [Fact]
    public async Task A_file_of_a_booking_is_put_confirmed_looked_at_and_then_read_by_the_other_side()
    {
        var (seller, customer, booking) = await Deal();
        var signed = (await customer.Signs(booking)).Must(201);
        signed.Word("state").ShouldBe("signed");
        (await customer.Puts(signed)).ShouldBe(204);
        (await seller.Person.Sees(booking)).ShouldBeEmpty();
        (await seller.Person.Fetches(signed)).MustRefuse(FilesRefusals.UploadNotFound);
        (await customer.Fetches(signed)).MustRefuse(FilesRefusals.NotReady);

        (await customer.Confirms(signed)).Must(202).Word("state").ShouldBe("checking");
        var ready = await customer.Becomes(signed, "ready");
        ready.At("scanned").GetBoolean().ShouldBeFalse(); // there is no scanner, and it is not said that there was one
        (await seller.Person.Sees(booking)).ShouldBe([signed.Word("id")]);
        var fetched = (await seller.Person.Fetches(signed)).Must();
        fetched.Text.ShouldBe(FileTalk.Words);
        fetched.Headers["Content-Disposition"].ShouldStartWith("attachment");
        fetched.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        fetched.Headers["Content-Security-Policy"].ShouldContain("sandbox");
        (await customer.Confirms(signed)).Must(202).Word("state").ShouldBe("ready");
        (await customer.Puts(signed, FileTalk.Words.Replace('V', 'W'))).ShouldBe(409);
        (await world.Database.Column<string>("select action from foundation.audit where subject_id = $1 order by id", signed.Word("id"))).ShouldBe(["upload.signed", "upload.put", "upload.confirmed"]);
    }

    [Fact]
    public async Task Strangers_find_nothing_and_staff_who_see_bookings_read()
    {
        var (_, customer, booking) = await Deal();
        var signed = await customer.PutsIn(booking);
        await customer.Becomes(signed, "ready");
        var stranger = await world.Customer();
        (await stranger.Fetches(signed)).MustRefuse(FilesRefusals.UploadNotFound);
        (await stranger.Get($"uploads?subject={booking.Word("id")}")).MustRefuse(FilesRefusals.SubjectNotFound);
        (await stranger.Signs(booking)).MustRefuse(FilesRefusals.SubjectNotFound);
        (await stranger.Puts(signed)).ShouldBe(404);
        (await stranger.Confirms(signed)).MustRefuse(FilesRefusals.UploadNotFound);
        (await world.Visitor().Fetches(signed)).MustRefuse(FoundationRefusals.SignInFirst);
        var staff = await world.Staff();
        (await staff.Fetches(signed)).Must();
        (await staff.Signs(booking)).MustRefuse(FilesRefusals.NotWritable);
    }

    [Fact]
    public async Task A_booking_that_is_not_paid_takes_no_files()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        (await customer.Signs(await customer.Books(seller))).MustRefuse(FilesRefusals.NotWritable);
    }

    [Theory]
    [InlineData("<html><script>alert(1)</script>", "image/png", "type_differs")]
    [InlineData("%PDF-1.7 and more", "text/plain", "type_differs")]
    [InlineData("plain words", "application/pdf", "type_differs")]
    [InlineData("a zero \0 byte", "text/plain", "type_differs")]
    public async Task What_a_file_is_says_its_content_and_nothing_that_was_said_of_it(string words, string type, string reason)
    {
        var (seller, customer, booking) = await Deal();
        var signed = await customer.PutsIn(booking, words, type);
        (await customer.Becomes(signed, "refused")).Word("reason").ShouldBe(reason);
        (await customer.Fetches(signed)).MustRefuse(FilesRefusals.NotReady);
        (await seller.Person.Sees(booking)).ShouldBeEmpty();
        await world.Clock.Passes(1.Hours());
        await world.EventuallyOr("What was refused is still there.", () => Task.FromResult(!world.OnDisk.Any(f => f.Contains(signed.Word("id"), StringComparison.Ordinal))));
    }

    [Fact]
    public async Task What_was_never_put_is_refused_and_what_is_longer_or_shorter_than_was_said_is_not_taken()
    {
        var (_, customer, booking) = await Deal();
        var empty = (await customer.Signs(booking)).Must(201);
        (await customer.Confirms(empty)).Must(202);
        (await customer.Becomes(empty, "refused")).Word("reason").ShouldBe("missing");
        var signed = (await customer.Signs(booking)).Must(201);
        (await customer.Puts(signed, FileTalk.Words + "and more")).ShouldBe(422);
        (await customer.Puts(signed, "less")).ShouldBe(422);
    }

    [Theory]
    [InlineData("", "text/plain", 5, "upload_name_invalid")]
    [InlineData("a/b.txt", "text/plain", 5, "upload_name_invalid")]
    [InlineData("a\nb.txt", "text/plain", 5, "upload_name_invalid")]
    [InlineData("run.bat", "text/plain", 5, "upload_name_differs")]
    [InlineData("page.html", "text/plain", 5, "upload_name_differs")]
    [InlineData("notes.pdf", "text/plain", 5, "upload_name_differs")]
    [InlineData("notes", "text/plain", 5, "upload_name_differs")]
    [InlineData("notes.txt.", "text/plain", 5, "upload_name_differs")]
    [InlineData("a.svg", "image/svg+xml", 5, "upload_type_not_taken")]
    [InlineData("a.html", "text/html", 5, "upload_type_not_taken")]
    [InlineData("a.txt", "text/plain", 0, "upload_size_invalid")]
    [InlineData("a.txt", "text/plain", SignUpload.MaxBytes + 1, "upload_size_invalid")]
    public async Task What_is_not_taken_is_refused_before_a_byte_is_sent(string name, string type, int bytes, string code)
    {
        var (_, customer, booking) = await Deal();
        (await customer.Signs(booking, type: type, name: name, bytes: bytes)).Code.ShouldBe(code);
    }

    [Fact]
    public async Task An_upload_that_nobody_finishes_lapses_and_leaves_nothing()
    {
        var (_, customer, booking) = await Deal();
        var signed = (await customer.Signs(booking)).Must(201);
        (await customer.Puts(signed)).ShouldBe(204);
        await customer.Waits(SignUpload.Lasts + 1.Minutes());
        (await customer.Confirms(signed)).MustRefuse(FilesRefusals.NotOpen);
        (await customer.Puts(signed)).ShouldBe(409);
        await customer.Waits(20.Minutes());
        await customer.Becomes(signed, "lapsed");
        await world.EventuallyOr("It is still there.", () => Task.FromResult(!world.OnDisk.Any(f => f.Contains(signed.Word("id"), StringComparison.Ordinal))));
    }

    [Fact]
    public async Task One_person_cannot_begin_without_end()
    {
        var (_, customer, booking) = await Deal();
        for (var i = 0; i < SignUpload.MostOpen; i++) (await customer.Signs(booking)).Must(201);
        (await customer.Signs(booking)).MustRefuse(FilesRefusals.TooMany);
    }

    [Fact]
    public async Task Who_is_erased_takes_names_and_bytes_along()
    {
        var (seller, customer, booking) = await Deal();
        var signed = await customer.PutsIn(booking);
        await customer.Becomes(signed, "ready");
        await world.Data().InTransaction(tx => world.Get<IEnumerable<Guildhall.Foundation.Security.PersonalData>>().Single(p => p.Section == "files").Erase(tx, customer.Id));
        (await seller.Person.Fetches(signed)).MustRefuse(FilesRefusals.UploadNotFound);
        (await world.Database.Value<string>("select name from files.uploads where owner_id = $1", customer.Id)).ShouldBe("erased");
        await world.Clock.Passes(1.Hours());
        await world.EventuallyOr("The bytes are still there.", () => Task.FromResult(!world.OnDisk.Any(f => f.Contains(signed.Word("id"), StringComparison.Ordinal))));
    }

    private async Task<(Seller Seller, Person Customer, Answer Booking)> Deal()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        return (seller, customer, await customer.BooksAndPays(seller));
    }
}

[Covers("A-2", "O-1")]
public sealed class NoFilesTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Without_a_place_for_them_nobody_begins_an_upload_and_the_status_says_what_is_missed()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        (await customer.Signs(await customer.BooksAndPays(seller))).MustRefuse(FilesRefusals.NotSetUp);
        var files = (await world.Visitor().Get("integrations/status")).Must().Json.EnumerateArray().Single(i => i.Text("name") == "files");
        (files.Text("state"), files.Text("usersLose")).ShouldBe(("not_configured", "Nobody can put files to a booking. Everything else works."));
    }
}
