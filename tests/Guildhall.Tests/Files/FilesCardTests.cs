using System.Text;
using Guildhall.Tests.Web.Pages;

namespace Guildhall.Tests.Files;

[Covers("A-2")]
public sealed class FilesCardTests(FilesWorld world) : IClassFixture<FilesWorld>
{
    [Fact]
    public async Task A_customer_puts_a_file_in_by_the_page_and_the_provider_fetches_it_there()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        var booking = await customer.BooksAndPays(seller);
        var (page, desk) = ($"/bookings/{booking.Word("id")}", $"/desk/bookings/{booking.Word("id")}");
        var (theirs, ours) = (await Browser(customer), await Browser(seller.Person));
        var form = await theirs.Form(page, page + "/files");
        (await theirs.Follows(await theirs.PostsFile(page + "/files", form, "C:\\photos\\boiler notes.txt", Encoding.UTF8.GetBytes(FileTalk.Words)))).Must().Text.ShouldContain("The file is here");
        var shown = await Eventually.Get(() => ours.Opens(desk), a => a.Text.Contains("/files/upl_", StringComparison.Ordinal), "The provider does not see it");
        shown.Text.ShouldContain("boiler notes.txt");
        shown.Text.ShouldNotContain("photos");
        shown.Text.ShouldContain("not scanned for viruses");
        var link = shown.Text[shown.Text.IndexOf("/files/upl_", StringComparison.Ordinal)..].Split('"')[0];
        var fetched = (await ours.Opens(link)).Must();
        fetched.Text.ShouldBe(FileTalk.Words);
        fetched.Headers["Content-Disposition"].ShouldStartWith("attachment");
        (await (await Browser(await world.Customer())).Opens(link)).Status.ShouldBe(404);

        (await theirs.Follows(await theirs.PostsFile(page + "/files", form, "page.html", "\0\u0001"u8.ToArray()))).Text.ShouldContain("Files of this type are not taken");
        (await theirs.Follows(await theirs.PostsFile(page + "/files", form, "empty.txt", []))).Text.ShouldContain("at most 10 MB");
    }

    [Fact]
    public async Task A_booking_that_is_not_paid_has_no_card()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        (await (await Browser(customer)).Opens($"/bookings/{(await customer.Books(seller)).Word("id")}")).Must().Text.ShouldNotContain("id=\"files\"");
    }

    private async Task<Guest> Browser(Person person)
    {
        var guest = new Guest(world);
        (await guest.Sends("/sign-in", "/sign-in", ("email", person.Email), ("password", Person.Password))).Must(303);
        return guest;
    }
}
