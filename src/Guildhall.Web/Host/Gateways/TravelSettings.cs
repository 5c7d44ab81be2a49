using Guildhall.Marketplace.Visits.Travel;

namespace Guildhall.Web.Host.Gateways;

/// <summary><c>GUILDHALL_GOOGLE_ROUTES_KEY</c> and <c>GUILDHALL_OSRM_API</c>: who is asked how long ways take. Without either, nobody.</summary>
internal static class TravelSettings
{
    public static TravelOptions Read(IConfiguration config, bool sandbox, List<string> wrong)
    {
        var (google, osrm) = (new GatewayVariables(config, "GOOGLE_ROUTES", wrong), new GatewayVariables(config, "OSRM", wrong));
        var key = google.Secret("KEY");
        if (!sandbox && key is "guildhall_sandbox_google_key") google.Wrong("GUILDHALL_GOOGLE_ROUTES_KEY is the sandbox's. Put your own key.");
        var api = google.Address("API", "https://routes.googleapis.com", sandbox);
        return new TravelOptions(api ?? TravelOptions.None.GoogleApi, key, osrm.Text("API") is null ? null : osrm.Address("API", "", sandbox));
    }
}
