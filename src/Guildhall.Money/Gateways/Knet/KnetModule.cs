using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money.Gateways.Knet;

/// <summary>Sets KNET up beside the other gateways. The setting <c>money.gateways</c> says which currency goes to it: <c>KWD=knet</c>.</summary>
public static class KnetModule
{
    public static void AddKnet(this IServiceCollection services, KnetOptions options)
    {
        services.AddSingleton<IGateway>(s => new KnetGateway(new KnetApi(new GatewayHttp("knet", s.GetRequiredService<GatewayCalls>()), options), options, s.GetRequiredService<TimeProvider>()));
    }
}
