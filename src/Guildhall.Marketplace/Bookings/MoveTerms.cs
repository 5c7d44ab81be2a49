using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Policies;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Whether one side may move the booking now, by the terms of its sale. <c>WhyNot</c> is the code of the refusal that a move would get; null when it may.</summary>
/// <param name="Until">Until when: for the customer some hours before the start (the start itself while a move of the provider is not agreed to), for the provider the start.</param>
/// <param name="MovesLeft">How often this side may still move it.</param>
/// <param name="KeepsCapPercent">What a cancellation gives back at most after a move by the customer now: who moves late does not cancel free again. 100 when nothing is lost.</param>
public sealed record MoveTerms(DateTimeOffset Until, int MovesLeft, int KeepsCapPercent, string? WhyNot)
{
    internal Refusal? Objection { get; private init; }

    internal static async Task<MoveTerms> Of(Transaction tx, Booking booking, BookingRole side)
    {
        var policy = await PolicyRows.Get(tx, booking.PolicyId);
        var made = await tx.Get<long>("select count(*) from marketplace.booking_moves where booking_id = @Id and moved_by = @side", new { booking.Id, side });
        return Judge(booking, policy, made, side, tx.Now);
    }

    /// <param name="made">How often this side has moved it.</param>
    internal static MoveTerms Judge(Booking booking, CancellationPolicy policy, long made, BookingRole side, DateTimeOffset now)
    {
        var until = side == BookingRole.Customer && !booking.AwaitsAnswer ? booking.StartsAt.AddHours(-policy.MoveHours) : booking.StartsAt;
        var cap = side == BookingRole.Customer && !booking.AwaitsAnswer ? CancellationTerms.ForCustomer(booking, policy, now).Percent : booking.RefundCapPercent ?? CancellationPolicy.Everything;
        var objection = booking switch
        {
            _ when booking.State != BookingState.Confirmed || booking.StartedAt is not null || now >= booking.StartsAt => MarketplaceRefusals.BookingNotMovable.With(("state", booking.State)),
            _ when now > until => MarketplaceRefusals.MoveTooLate.With(("until", until)),
            _ when made >= policy.MaxMoves => MarketplaceRefusals.TooManyMoves.With(("atMost", policy.MaxMoves)),
            _ => null,
        };
        return new MoveTerms(until, (int)Math.Max(0, policy.MaxMoves - made), cap, objection?.Code) { Objection = objection };
    }
}
