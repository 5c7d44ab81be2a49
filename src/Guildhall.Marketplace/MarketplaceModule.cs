using Guildhall.Foundation;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Marketplace;

/// <summary>The doors of this module.</summary>
public static class MarketplaceModule
{
    public static void AddMarketplace(this IServiceCollection services)
    {
        services.AddSetting(MarketplaceSettings.HoldMinutes);
        services.AddSetting(MarketplaceSettings.MaxOpenHolds);
        services.AddSetting(MarketplaceSettings.CancelFreeHours);
        services.AddSetting(MarketplaceSettings.LateCancelRefundPercent);
    }

    /// <param name="api">The group <c>/api/v1</c>.</param>
    public static void MapMarketplace(this IEndpointRouteBuilder api)
    {
        ListServices.Map(api);
        ReadService.Map(api);
        ListSlots.Map(api);
        ReadProvider.Map(api);
    }
}
