using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money.Gateways.MyFatoorah;

/// <summary>Sets MyFatoorah up beside the other gateways. The setting <c>money.gateways</c> says which currency goes to it: <c>KWD=myfatoorah</c>.</summary>
public static class MyFatoorahModule
{
    public static void AddMyFatoorah(this IServiceCollection services, MyFatoorahOptions options)
    {
        services.AddSingleton<IGateway>(s => new MyFatoorahGateway(new MyFatoorahApi(new GatewayHttp("myfatoorah", s.GetRequiredService<GatewayCalls>()), options), options, s.GetRequiredService<TimeProvider>()));
    }
}
