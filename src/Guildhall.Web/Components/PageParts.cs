using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Guildhall.Web.Components;

/// <summary>The two doors of the pages: what they need, and where they are.</summary>
public static class PageParts
{
    /// <summary>Razor components with static rendering, antiforgery, and the <see cref="Reader"/> cascaded to all of them.</summary>
    /// <param name="sandboxUrl">Where the demo's sandbox is; null outside sandbox mode.</param>
    public static IServiceCollection AddPages(this IServiceCollection services, Uri? sandboxUrl)
    {
        if (sandboxUrl is not null) services.AddSingleton(new DemoLinks(sandboxUrl.GetLeftPart(UriPartial.Authority)));
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped(provider => Reader.Of(provider.GetRequiredService<IHttpContextAccessor>().HttpContext!));
        services.AddCascadingValue(provider => provider.GetRequiredService<Reader>());
        return services;
    }

    /// <summary>Maps every routable component and the assets. <c>UseAntiforgery</c> has to stand before it.</summary>
    public static RazorComponentsEndpointConventionBuilder MapPages(this IEndpointRouteBuilder app)
    {
        AssetFiles.Map(app);
        return app.MapRazorComponents<App>();
    }
}
