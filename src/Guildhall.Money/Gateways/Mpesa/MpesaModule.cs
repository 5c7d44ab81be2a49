using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money.Gateways.Mpesa;

/// <summary>Adds M-Pesa to an installation that has it.</summary>
public static class MpesaModule
{
    public static void AddMpesa(this IServiceCollection services, MpesaOptions options)
    {
        services.AddSingleton(options);
        // A 500 is how it says that the customer still decides.
        services.AddSingleton(s => new MpesaApi(new GatewayHttp("mpesa", s.GetRequiredService<GatewayCalls>(), failsFrom: 501), options, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IGateway, MpesaGateway>();
        if (options is { PayoutShortCode: { } shortCode, Initiator: { } initiator })
            services.AddSingleton<IPayoutRail>(s => new MpesaPayouts(s.GetRequiredService<MpesaApi>(), options, initiator, shortCode, s.GetRequiredService<TimeProvider>()));
    }
}
