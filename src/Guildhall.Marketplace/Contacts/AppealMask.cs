using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Providers;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Contacts;

/// <summary>The author of a text says that what is hidden in it is no contact detail. Once for a text; staff decide.</summary>
public static class AppealMask
{
    /// <param name="Booking">Whose note or reason it is; left out for one's own profile.</param>
    /// <param name="Words">Up to 500 characters for the staff.</param>
    public sealed record Body(MaskedText Text, BookingId? Booking = null, string? Words = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/mask-appeals", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(AppealMask)).RequiresSignIn().Limited(RateClass.Auth).Produces<MaskAppealView>(201);

    public static async Task<Result<MaskAppealView>> Run(Database database, Caller caller, Body body, CancellationToken stop)
    {
        var words = string.IsNullOrWhiteSpace(body.Words) ? null : body.Words.Trim();
        if (words is { Length: > MaskAppealRows.MaxWords } || words?.Any(c => char.IsControl(c) && c is not ('\n' or '\r')) == true) return MarketplaceRefusals.ReasonTooLong;
        if (!(await Subject(database, caller, body, stop)).Is(out var subject, out var refusal)) return refusal;
        var appealed = await database.InTransaction(tx => Appeal(tx, caller, body.Text, subject, words), stop);
        return appealed.Is(out var appeal, out refusal) ? appeal with { DecidedBy = null } : refusal; // which colleague it was is the house's business
    }

    private static async Task<Result<Guid>> Subject(Database database, Caller caller, Body body, CancellationToken stop)
    {
        if (body.Text == MaskedText.Profile)
        {
            if (await ProviderRows.OfCaller(database, caller, stop) is not { } provider) return MarketplaceRefusals.NotAProvider;
            var texts = await ReadProfileMask.Texts(database, provider.Id, provider.AccountId, stop);
            return texts.Any(text => ContactDetails.Find(text).Count > 0) ? provider.Id.Value : MarketplaceRefusals.NothingMasked;
        }
        if (body.Booking is not { } id || await BookingRows.Find(database, id, stop) is not { } booking || booking.RoleOf(caller) is null or BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        return BookingTexts.Masked(booking, body.Text, caller) is null ? MarketplaceRefusals.NothingMasked : id.Value;
    }

    private static async Task<Result<MaskAppealView>> Appeal(Transaction tx, Caller caller, MaskedText text, Guid subject, string? words)
    {
        var id = tx.NewId<MaskAppealId>();
        var made = await tx.ChangeNow(Insert, new { id, text, subject, author = caller.AccountId!.Value, words, now = tx.Now });
        var appeal = (await MaskAppealRows.Of(tx, text, subject))!;
        if (made == 0) return appeal;
        await tx.Audit(caller, "mask.appealed", "mask_appeal", id.ToString(), after: new { text, booking = appeal.Booking, provider = appeal.Provider });
        foreach (var staff in await Accounts.Holding(tx, MarketplacePermissions.TalkModerate))
            await Notify.Person(tx, staff.Id, "mask_appealed_staff", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = $"/console/mask-appeals/{id}" }, uniqueKey: id.ToString());
        return appeal;
    }

    private const string Insert = """
        insert into marketplace.mask_appeals (id, text, subject_id, author_id, words, state, appealed_at) values (@id, @text, @subject, @author, @words, 'open', @now)
        on conflict (text, subject_id) do nothing
        """;
}
