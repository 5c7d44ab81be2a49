using System.Text.Encodings.Web;
using System.Text.Unicode;
using Guildhall.Foundation.Security;
using Guildhall.Web.Host;
using Guildhall.Web.Pages;
using Guildhall.Web.Pages.Parts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Guildhall.Web.Components;

/// <summary>The two doors of the pages: what they need, and where they are.</summary>
public static class PageParts
{
    /// <summary>Razor components with static rendering, antiforgery, and the <see cref="Reader"/> cascaded to all of them.</summary>
    /// <param name="sandboxUrl">Where the demo's sandbox is; null outside sandbox mode.</param>
    /// <param name="https">Whether cookies can be bound to https and this host.</param>
    /// <param name="master">Protects antiforgery tokens, the same on every node.</param>
    public static IServiceCollection AddPages(this IServiceCollection services, Uri? sandboxUrl, bool https, MasterKey master)
    {
        if (sandboxUrl is not null) services.AddSingleton(new DemoLinks(sandboxUrl.GetLeftPart(UriPartial.Authority)));
        services.AddSingleton<IDataProtectionProvider>(new MasterKeyProtection(master));
        services.AddSingleton(new PageCookies(https));
        services.AddSingleton(Letters());
        services.AddRazorComponents();
        services.AddAntiforgery(form =>
        {
            form.Cookie.Name = https ? "__Host-form" : "form";
            form.Cookie.SecurePolicy = https ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
            form.SuppressXFrameOptionsHeader = true;
        });
        services.AddSingleton(RefusalPages.Hook);
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped(provider => Reader.Of(provider.GetRequiredService<IHttpContextAccessor>().HttpContext!));
        services.AddScoped<Pages.Site.SiteFrame>();
        services.AddCascadingValue(provider => provider.GetRequiredService<Reader>());
        return services;
    }

    // Arabic letters stand in a page as they are: as numbers each weighs four times as much. Marks that turn text around stay numbers.
    private static HtmlEncoder Letters()
    {
        var plain = new TextEncoderSettings(UnicodeRanges.BasicLatin, UnicodeRanges.Arabic);
        plain.ForbidCharacter('\u061c');
        return HtmlEncoder.Create(plain);
    }

    /// <summary>Maps every routable component, the forms they send, and the assets. <c>UseAntiforgery</c> has to stand before it.
    /// A page answers GET only: whatever changes something is a route of its own with its own rule.</summary>
    public static void MapPages(this IEndpointRouteBuilder app)
    {
        AssetFiles.Map(app);
        PageForms.Map(app);
        app.MapRazorComponents<App>().Add(page =>
        {
            foreach (var methods in page.Metadata.OfType<HttpMethodMetadata>().ToList()) page.Metadata.Remove(methods);
            page.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get]));
        });
    }
}
