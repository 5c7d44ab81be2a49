using System.Reflection;
using Guildhall.Web.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Tests.Support;

/// <summary>The product's assemblies and routes, for guards that read them without a database.</summary>
internal static class Product
{
    /// <summary>Every product assembly that is built, by module name.</summary>
    public static IReadOnlyDictionary<string, Assembly> Modules { get; } = Directory.GetFiles(AppContext.BaseDirectory, "Guildhall.*.dll")
        .Append(Path.Combine(AppContext.BaseDirectory, "guildhall.dll")).Where(f => !f.EndsWith("Tests.dll", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)
        .Select(f => Assembly.Load(Path.GetFileNameWithoutExtension(f)))
        .ToDictionary(a => a.GetName().Name! is "guildhall" ? "Web" : a.GetName().Name!["Guildhall.".Length..], StringComparer.Ordinal);

    /// <summary>A node that is put together but not started.</summary>
    public static WebApplication NotStarted() => GuildhallApp.Build(new HostSettings
    {
        Sandbox = true, Development = false, Database = "Host=127.0.0.1;Port=1;Username=nobody;Database=none", MasterKey = World.MasterKey,
        Url = new Uri("http://localhost:1"), Listen = "http://127.0.0.1:0", Node = "none", StripeApi = new Uri("http://127.0.0.1:1"), StripeKey = World.StripeKey,
        StripeWebhookSecrets = [World.WebhookSecret], Smtp = new Uri("smtp://127.0.0.1:1"), MailFrom = "nobody@guildhall.test", SandboxUrl = new Uri("http://127.0.0.1:1"),
    }, "all");

    public static IReadOnlyList<RouteEndpoint> Routes(WebApplication app) => [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>()];
}
