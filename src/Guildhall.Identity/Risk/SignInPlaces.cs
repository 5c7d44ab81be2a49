using System.Net;
using Guildhall.Foundation.Data;
using Guildhall.Identity.Places;

namespace Guildhall.Identity.Risk;

/// <summary>Finds the place of an address; the file of the operator does it, see <see cref="Places.Places"/>.</summary>
internal delegate Place PlaceOf(IPAddress? address);

/// <summary>Where an account has signed in from, one row per country with the latest place in it.</summary>
internal static class SignInPlaces
{
    private const int EarthKm = 6371, MostSessions = 50;

    /// <param name="New">Countries are known, and this one is none of them.</param>
    /// <param name="Others">Countries besides this one in which sessions are in use.</param>
    internal sealed record Compared(bool New, int? Km, int? Minutes, int Others)
    {
        public static readonly Compared Nothing = new(false, null, null, 0);
    }

    private sealed record Known(string Country, double? Latitude, double? Longitude, DateTimeOffset LastAt);

    /// <summary>The place beside those before it.</summary>
    public static async Task<Compared> Compare(Transaction tx, PlaceOf placeOf, AccountId account, Place here, int concurrentMinutes)
    {
        if (here.Country is not { } country) return Compared.Nothing;
        var known = await tx.List<Known>("select country, latitude, longitude, last_at from identity.sign_in_places where account_id = @account order by last_at desc limit 250", new { account });
        var addresses = await tx.List<string>(InUse, new { account, since = tx.Now.AddMinutes(-concurrentMinutes), limit = MostSessions });
        var others = addresses.Select(a => placeOf(IPAddress.Parse(a)).Country).Where(c => c is not null && !string.Equals(c, country, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Count();
        var last = known.Count > 0 ? known[0] : null;
        var km = last is null ? null : Kilometres(here, last);
        return new Compared(known.Count > 0 && !known.Any(k => string.Equals(k.Country, country, StringComparison.Ordinal)), km, km is null ? null : (int)Math.Min(int.MaxValue, (tx.Now - last!.LastAt).TotalMinutes), others);
    }

    /// <summary>Remembers where the account signed in.</summary>
    public static Task Keep(Transaction tx, AccountId account, Place here) => here.Country is null ? Task.CompletedTask
        : tx.ChangeOne(KeepSql, new { account, here.Country, here.Latitude, here.Longitude, now = tx.Now });

    // Haversine: exact enough for a globe.
    private static int? Kilometres(Place here, Known there)
    {
        if (here is not { Latitude: { } north, Longitude: { } east } || there is not { Latitude: { } otherNorth, Longitude: { } otherEast }) return null;
        var (a, b) = (double.DegreesToRadians(north), double.DegreesToRadians(otherNorth));
        var half = Math.Pow(Math.Sin((b - a) / 2), 2) + (Math.Cos(a) * Math.Cos(b) * Math.Pow(Math.Sin(double.DegreesToRadians(otherEast - east) / 2), 2));
        return (int)(2 * EarthKm * Math.Asin(Math.Min(1, Math.Sqrt(half))));
    }

    private const string InUse = """
        select host(s.address) from identity.sessions s where s.account_id = @account and s.ended_at is null and s.last_active > @since and s.address is not null
        order by s.last_active desc limit @limit
        """;

    private const string KeepSql = """
        insert into identity.sign_in_places as p (account_id, country, latitude, longitude, first_at, last_at) values (@account, @Country, @Latitude, @Longitude, @now, @now)
        on conflict (account_id, country) do update set latitude = excluded.latitude, longitude = excluded.longitude, last_at = greatest(p.last_at, excluded.last_at)
        """;
}
