using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money.Gateways.Paytm;

/// <summary>Adds Paytm to an installation that has it.</summary>
public static class PaytmModule
{
    public static void AddPaytm(this IServiceCollection services, PaytmOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(s => new PaytmApi(new GatewayHttp("paytm", s.GetRequiredService<GatewayCalls>()), options, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IGateway, PaytmGateway>();
    }
}
