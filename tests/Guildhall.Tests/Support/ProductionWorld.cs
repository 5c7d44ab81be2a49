using Guildhall.Web.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Support;

/// <summary>One node as it runs in earnest: production mode behind <c>https://guildhall.test</c>. A request arrives as if over https and for that host,
/// unless its <c>X-Test-Arrives</c> header says <c>plain</c> or <c>https</c> and it is taken as it is.</summary>
public class ProductionWorld : NodesOnly
{
    public const string Arrives = "X-Test-Arrives";

    protected override int NodeCount => 1;

    internal override HostSettings Configure(HostSettings settings, int node) => settings with
    {
        Sandbox = false, SandboxUrl = null, Url = new Uri("https://guildhall.test"), Smtp = null,
        Origins = AllowedOrigins.Read("https://shop.test https://shop.test:8443", "portal.test", development: false, []),
    };

    protected override void Adjust(WebApplicationBuilder builder, int node) => builder.Services.AddSingleton<IStartupFilter>(new Arrival());

    protected override void MapRoutes(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/test/bug", string () => throw new InvalidOperationException("the password is hunter2")).ForAnyone();
        routes.MapGet("/bug", string () => throw new InvalidOperationException("the password is hunter2")).ForAnyone();
        routes.MapPost("/api/test/echo", (Guildhall.Identity.Accounts.Register.Body body) => body.DisplayName).ForAnyone();
    }

    private sealed class Arrival : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                var arrives = http.Request.Headers[Arrives].ToString();
                if (arrives is not "plain") http.Request.Scheme = "https";
                if (arrives.Length == 0) http.Request.Host = new HostString("guildhall.test");
                return rest(http);
            });
            next(app);
        };
    }
}
