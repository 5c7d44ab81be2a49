using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Guildhall.Tests.Marketplace;

/// <summary>Shops whose people also hold streams open: a header names who they are.</summary>
public sealed class TalkWorld : MarketplaceWorld
{
    protected override void Adjust(WebApplicationBuilder builder, int node)
    {
        builder.Services.AddSingleton<IStartupFilter>(new TestCallers());
        // After the product's own parts, which would not know these sessions.
        builder.Host.ConfigureContainer<IServiceCollection>((_, services) => services.AddSingleton(new StreamGuard((_, _) => Task.FromResult(true))));
    }

    internal Task<EventReader> Follows(Caller who, string topics, int node = 0, string? lastEventId = null) => EventReader.Open(Addresses[node], topics, (TestCallers.Header, who.AccountId!.Value.ToString()), lastEventId);
}
