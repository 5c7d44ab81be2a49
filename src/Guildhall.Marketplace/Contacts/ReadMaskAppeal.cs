using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Contacts;

/// <summary>One appeal for the staff who decide it: what was written, what the other side sees of it, and which words are hidden.</summary>
public static class ReadMaskAppeal
{
    /// <param name="Written">The text as its author wrote it; of a profile all that is public.</param>
    /// <param name="Seen">The same with the hidden words left out.</param>
    public sealed record View(MaskAppealView Appeal, string Written, string Seen, IReadOnlyList<Part> Parts);

    public sealed record Part(ContactKind Kind, string Words);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/mask-appeals/{id}", async (MaskAppealId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
        .WithName(nameof(ReadMaskAppeal)).Requires(MarketplacePermissions.TalkModerate).Produces<View>();

    public static async Task<Result<View>> Run(Database database, MaskAppealId id, CancellationToken stop)
    {
        if (await MaskAppealRows.Find(database, id, stop) is not { } appeal) return MarketplaceRefusals.MaskAppealNotFound;
        var written = appeal.Booking is { } booking
            ? BookingTexts.Original((await BookingRows.Find(database, booking, stop))!, appeal.Text) ?? "" // erased
            : string.Join("\n\n", await ReadProfileMask.Texts(database, appeal.Provider, appeal.AuthorId, stop));
        var details = ContactDetails.Find(written);
        return new View(appeal, written, ContactDetails.Mask(written, details), [.. details.Select(d => new Part(d.Kind, d.In(written)))]);
    }
}
