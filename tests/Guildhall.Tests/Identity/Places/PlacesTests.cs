using System.Net;
using Guildhall.Identity.Places;
using PlacesBook = Guildhall.Identity.Places.Places;

namespace Guildhall.Tests.Identity.Places;

public sealed class PlacesTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"places-{Guid.NewGuid():n}.mmdb");

    public void Dispose() => File.Delete(_file);

    [Theory, Covers("I-5")]
    [InlineData("203.0.113.9", "KW", "Kuwait City")]
    [InlineData("::ffff:203.0.113.9", "KW", "Kuwait City")]
    [InlineData("198.51.100.1", "IN", null)]
    [InlineData("2001:db8::1", "DE", "Köln")]
    [InlineData("192.0.2.1", null, null)]
    [InlineData("2001:db9::1", null, null)]
    [InlineData("::1", null, null)]
    public void An_address_has_a_country_and_perhaps_a_city_or_nobody_knows(string address, string? country, string? city)
    {
        Write(PlacesFile.Write(("203.0.113.0/24", "KW", "Kuwait City", 29.37, 47.97), ("198.51.100.0/25", "IN", null, 21, 78), ("2001:db8::/32", "DE", "Köln", 50.94, 6.96)));
        var places = new PlacesBook(_file);
        places.Problem.ShouldBeNull();
        var place = places.Of(IPAddress.Parse(address));
        (place.Country, place.City).ShouldBe((country, city));
        if (country is "KW") (place.Latitude, place.Longitude).ShouldBe((29.37, 47.97));
    }

    [Fact]
    public void Without_a_file_every_place_is_unknown_and_nothing_is_wrong()
    {
        var places = new PlacesBook(null);
        places.Of(IPAddress.Parse("203.0.113.9")).ShouldBe(Place.Unknown);
        (places.Configured, places.Problem).ShouldBe((false, null));
        new PlacesBook(_file + ".not-there").Problem.ShouldNotBeNull();
    }

    [Fact, Covers("asvs-16.5.2")]
    public void A_broken_file_never_throws_and_says_what_is_wrong()
    {
        var good = PlacesFile.Write(("203.0.113.0/24", "KW", "Kuwait City", 29.37, 47.97));
        byte[][] broken = [[], [1, 2, 3], new byte[4096], good[..^40], [.. good[..20], .. new byte[300], .. good[320..]], [.. good.Select((b, i) => i % 7 == 0 ? (byte)~b : b)]];
        foreach (var bytes in broken)
        {
            Write(bytes);
            var places = new PlacesBook(_file);
            (places.Of(IPAddress.Parse("203.0.113.9")).Country is null or "KW").ShouldBeTrue();
            places.Of(IPAddress.Parse("2001:db8::1")).ShouldBe(Place.Unknown);
        }
        Write([1, 2, 3]);
        new PlacesBook(_file).Problem.ShouldNotBeNull();
    }

    [Fact]
    public void A_newer_file_is_read_and_a_broken_one_leaves_the_last_good_one_in_use()
    {
        Write(PlacesFile.Write(("203.0.113.0/24", "KW", "Kuwait City", 29.37, 47.97)));
        var places = new PlacesBook(_file);
        Write(PlacesFile.Write(("203.0.113.0/24", "AE", "Dubai", 25.2, 55.3)), later: 1);
        places.Look();
        places.Of(IPAddress.Parse("203.0.113.9")).City.ShouldBe("Dubai");
        Write([1, 2, 3], later: 2);
        places.Look();
        places.Of(IPAddress.Parse("203.0.113.9")).City.ShouldBe("Dubai");
        places.Problem.ShouldNotBeNull();
        Write(PlacesFile.Write(("203.0.113.0/24", "QA", "Doha", 25.3, 51.5)), later: 3);
        places.Look();
        (places.Of(IPAddress.Parse("203.0.113.9")).City, places.Problem).ShouldBe(("Doha", null));
    }

    private void Write(byte[] bytes, int later = 0)
    {
        File.WriteAllBytes(_file, bytes);
        File.SetLastWriteTimeUtc(_file, new DateTime(2026, 1, 1, 0, later, 0, DateTimeKind.Utc));
    }
}
