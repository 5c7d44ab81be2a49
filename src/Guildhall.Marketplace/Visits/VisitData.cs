using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;

namespace Guildhall.Marketplace.Visits;

/// <summary>What visits hold about a person: the addresses they wrote, and what they did on the day.</summary>
internal static class VisitData
{
    private sealed record Addressed(Guid BookingId, byte[] Address, DateTimeOffset AddressAt);
    private sealed record Happened(string BookingId, string Kind, DateTimeOffset At, DateTimeOffset? ArrivalAt);

    public static async Task<object> Read(Database database, Guid person, CancellationToken stop)
    {
        var args = new { person, most = PersonalData.Most };
        var (rows, open) = (await database.List<Addressed>(AddressesSql, args, stop), await PersonKeys.Opener(database, [person], stop));
        return new
        {
            addresses = rows.Select(r => new { booking = BookingId.From(r.BookingId), address = open(person, r.Address)?.Deserialize<VisitAddress>(JsonRules.Options), writtenAt = r.AddressAt }),
            events = await database.List<Happened>(EventsSql, args, stop),
        };
    }

    // With the person's key the address is unreadable already; that nothing of it is left is said by the row.
    public static Task Erase(Transaction tx, Guid person) => tx.Change(EraseAddresses, new { person });

    private const string AddressesSql = """
        select v.booking_id, v.address, v.address_at from marketplace.visits v join marketplace.bookings b on b.id = v.booking_id
        where b.customer_id = @person and v.address is not null order by v.booking_id desc limit @most
        """;

    private const string EventsSql = "select booking_id::text as booking_id, kind, at, arrival_at from marketplace.visit_events where by_id = @person order by id desc limit @most";

    private const string EraseAddresses = """
        update marketplace.visits v set address = null, address_at = null from marketplace.bookings b where b.id = v.booking_id and b.customer_id = @person and v.address is not null
        """;
}
