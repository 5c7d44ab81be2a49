using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Contacts;
using Guildhall.Marketplace.Resources;
using Guildhall.Money;

namespace Guildhall.Marketplace.Bookings;

/// <summary>A booking as its parties and staff see it. <c>WallTime</c> is the start on the clock of <c>Zone</c>, as promised at the sale.
/// <c>Refund</c> is what was given back of the price so far. <c>Revision</c> rises with every change. <c>AwaitsAnswer</c>: the provider moved it and the customer has not agreed yet.
/// <c>Note</c> is what the customer wrote to the provider with the hold. Until money was captured, contact details in it and in <c>CancelReason</c> are hidden from the other side;
/// <c>Hidden</c> says what, to their author with the words themselves. <c>MinutePrice</c>: sold by the minute, the price is the most it can cost.
/// <c>PackageId</c>: the package whose credit pays for it; <c>Price</c> is the money of that credit then.
/// <c>Resources</c> is what else it was sold with, by name; customers are not told.
/// <c>Approval</c>: whether the provider's yes is awaited, until <c>HoldUntil</c>, or was given; null when the service needs none.</summary>
public sealed record BookingView(BookingId Id, BookingState State, BookingRole Role, ServiceKind Kind, ServiceId ServiceId, string ServiceName, ProviderId ProviderId,
    string ProviderName, string CustomerName, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Zone, string WallTime, Amount Price, OrderId OrderId,
    DateTimeOffset HoldUntil, ChatId? ChatId, int Revision, DateTimeOffset CreatedAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt, DateTimeOffset? CancelledAt, CancelledBy? CancelledBy, string? CancelReason, Amount Refund, bool AwaitsAnswer,
    string? Note, IReadOnlyList<HiddenText> Hidden, Amount? MinutePrice, IReadOnlyList<string> Resources, Approval? Approval, SeriesPlace? Series, PackageSaleId? PackageId);

/// <summary>Which of a series it is, the first is 1.</summary>
public sealed record SeriesPlace(SeriesId Id, int No, int Of);

/// <summary>A page of bookings. <c>Next</c> is given as <c>after</c> for the next one; null on the last.</summary>
public sealed record BookingPage(IReadOnlyList<BookingView> Items, BookingId? Next);

internal static class BookingViews
{
    public const int PageSize = 50;

    /// <summary>The bookings as the caller sees them; rows that are the caller's in no way are a bug of the query.</summary>
    public static async Task<IReadOnlyList<BookingView>> Show(Database database, Caller caller, IReadOnlyList<Booking> rows, CancellationToken stop)
    {
        var people = await Accounts.Summaries(database, [.. rows.Select(b => b.CustomerId).Distinct()], stop);
        var texts = await BookingTexts.Show(database, caller, rows, stop);
        var resources = await ResourceRows.Names(database, [.. rows.Where(b => b.RoleOf(caller) != BookingRole.Customer).SelectMany(b => b.Resources).Distinct()], stop);
        return [.. rows.Select(b => View(b, texts.GetValueOrDefault(b.Id) ?? new(b.Note, b.CancelReason, []), b.RoleOf(caller)!.Value,
            people.TryGetValue(b.CustomerId, out var customer) ? customer.DisplayName : "", [.. b.Resources.Where(resources.ContainsKey).Select(r => resources[r])]))];
    }

    public static async Task<BookingPage> Page(Database database, Caller caller, IReadOnlyList<Booking> rows, CancellationToken stop) =>
        new(await Show(database, caller, [.. rows.Take(PageSize)], stop), rows.Count > PageSize ? rows[PageSize - 1].Id : null);

    private static BookingView View(Booking b, BookingTexts.Shown texts, BookingRole role, string customerName, IReadOnlyList<string> resources) => new(b.Id, b.State, role, b.Kind, b.ServiceId, b.ServiceName, b.ProviderId,
        b.ProviderName, customerName, b.StartsAt, b.EndsAt, b.Zone, b.WallTime, b.Price, b.OrderId, b.HoldUntil, b.ChatId, b.Revision, b.CreatedAt, b.ConfirmedAt,
        b.StartedAt, b.CompletedAt, b.CancelledAt, b.CancelledBy, texts.CancelReason, b.Refunded,
        b is { AwaitsAnswer: true, State: BookingState.Confirmed }, texts.Note, texts.Hidden, b.MinutePrice,
        role == BookingRole.Customer ? [] : resources, b.Approval, b.SeriesId is { } series ? new SeriesPlace(series, b.SeriesNo!.Value, b.SeriesOf!.Value) : null, b.PackageSaleId);
}
