using Guildhall.Marketplace.Visits.Weather;

namespace Guildhall.Web.Host.Gateways;

/// <summary><c>GUILDHALL_OPENWEATHER_KEY</c>: who is asked for the weather of visits. Without it, nobody.</summary>
internal static class WeatherSettings
{
    public static WeatherOptions Read(IConfiguration config, bool sandbox, List<string> wrong)
    {
        var variables = new GatewayVariables(config, "OPENWEATHER", wrong);
        var key = variables.Secret("KEY");
        if (!sandbox && key is "guildhall_sandbox_openweather_key") variables.Wrong("GUILDHALL_OPENWEATHER_KEY is the sandbox's. Put your own key.");
        var path = variables.Text("PATH") ?? WeatherOptions.None.Path;
        if (!path.StartsWith('/') || path.Contains('?', StringComparison.Ordinal)) variables.Wrong("GUILDHALL_OPENWEATHER_PATH is a path such as /data/3.0/onecall.");
        return new WeatherOptions(variables.Address("API", "https://api.openweathermap.org", sandbox) ?? WeatherOptions.None.Api, key, path);
    }
}
