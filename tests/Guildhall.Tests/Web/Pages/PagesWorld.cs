using Guildhall.Foundation.Http;
using Guildhall.Marketplace.Seed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Tests.Web.Pages;

/// <summary>The demo marketplace on two nodes with the sandbox.</summary>
public class PagesWorld : World, IAsyncLifetime
{
    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        await SeedMarketplace.Ensure(Data());
    }

    protected override void MapRoutes(IEndpointRouteBuilder routes) =>
        routes.MapGet("/fails", string () => throw new InvalidOperationException("planted")).ForAnyone();

    /// <summary>Somebody with a browser, not signed in.</summary>
    internal Guest Guest() => new(this);

    /// <summary>A demo person, signed in.</summary>
    internal async Task<Guest> Person(string name)
    {
        var guest = Guest();
        (await guest.Sends("/sign-in", "/sign-in", ("email", $"{name}@example.test"), ("password", SeedMarketplace.Password))).Must(303).Headers["Location"].ShouldBe("/");
        return guest;
    }
}
