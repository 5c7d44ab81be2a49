using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money.Gateways.PayPal;

/// <summary>Adds PayPal beside the other gateways.</summary>
public static class PayPalModule
{
    public static void AddPayPal(this IServiceCollection services, PayPalOptions options)
    {
        services.AddSingleton(s => new PayPalApi(new GatewayHttp("paypal", s.GetRequiredService<GatewayCalls>()), options));
        services.AddSingleton(_ => new PayPalCertificates(new HttpClient(Handler()) { Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = 64 * 1024 }, options));
        if (options.Payouts) services.AddSingleton<IPayoutRail>(s => new PayPalPayouts(s.GetRequiredService<PayPalApi>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IGateway>(s => new PayPalGateway(s.GetRequiredService<PayPalApi>(), s.GetRequiredService<PayPalCertificates>(), options));
    }

    private static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = 64,
    };
}
