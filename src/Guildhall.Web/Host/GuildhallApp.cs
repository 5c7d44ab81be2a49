using Guildhall.Content;
using Guildhall.Files;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Identity;
using Guildhall.Marketplace;
using Guildhall.Messaging;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.Knet;
using Guildhall.Money.Gateways.Mpesa;
using Guildhall.Money.Gateways.MyFatoorah;
using Guildhall.Money.Gateways.PayPal;
using Guildhall.Money.Gateways.Paytm;
using Guildhall.Money.Gateways.Stripe;
using Guildhall.Money.Ledger.Seal;
using Guildhall.Operations;
using Guildhall.Operations.Health;
using Guildhall.Operations.Metrics;
using Guildhall.Operations.Webhooks;
using Guildhall.Web.Components;
using Guildhall.Web.Pages.Console;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Host;

/// <summary>Puts the product together: the modules' doors, the pipeline, the routes.</summary>
internal static class GuildhallApp
{
    public static WebApplication Build(HostSettings settings, string role, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = settings.Development ? "Development" : "Production", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(settings.MetricsListen is { } metrics ? [settings.Listen, metrics] : [settings.Listen]);
        builder.WebHost.ConfigureKestrel(kestrel => ServerLimits.Apply(kestrel, settings));
        builder.Services.AddLimits(ServerLimits.All);
        LastResort.KeepServing(builder.Services);
        Logs.Configure(builder.Logging);
        Problems.ServerDecides("price", "amount", "fee", "total", "currency", "role", "roles", "providerId", "complexity", "state", "emailVerified", "id", "createdAt", "isAdmin");
        adjust?.Invoke(builder);
        builder.Services.AddSingleton(settings);
        builder.Services.AddFoundation(new FoundationOptions(settings.Database, settings.Node, settings.Sandbox, role is not "web", settings.Master, settings.RateFactor));
        builder.Services.AddMessaging(new MessagingOptions(settings.Smtp, settings.MailFrom, settings.Url) { SendGrid = settings.SendGrid, Ses = settings.Ses, NamedSenders = settings.MailSenders },
            settings.Twilio, settings.Firebase, settings.Voice);
        builder.Services.AddFiles(new FilesOptions(settings.FilesFolder, settings.S3, settings.Url) { Scanner = settings.ClamAv });
        builder.Services.AddContent(new ContentOptions(settings.Url));
        builder.Services.AddIdentity(new IdentityOptions(settings.Url, settings.Sandbox || settings.Development, settings.Master, settings.TokenAlgorithm, settings.KeyModule)
        {
            GeoIpFile = settings.GeoIp, IpLists = settings.IpLists, Hash = settings.PasswordHash, PwnedApi = settings.PwnedApi,
        });
        builder.Services.AddSingleton(new LedgerOptions(settings.LedgerCheckpoints));
        builder.Services.AddMoney(new StripeOptions(settings.StripeApi, settings.StripeKey, settings.StripeWebhookSecrets, settings.Url)
            { Pages = settings.SandboxUrl ?? new Uri("https://checkout.stripe.com") }, settings.Bank);
        if (settings.Knet is { } knet) builder.Services.AddKnet(knet);
        if (settings.MyFatoorah is { } myFatoorah) builder.Services.AddMyFatoorah(myFatoorah);
        if (settings.Mpesa is { } mpesa) builder.Services.AddMpesa(mpesa);
        if (settings.PayPal is { } paypal) builder.Services.AddPayPal(paypal);
        if (settings.Paytm is { } paytm) builder.Services.AddPaytm(paytm);
        builder.Services.AddMarketplace(new MarketplaceOptions(settings.Url) { Turn = settings.Turn }, settings.Travel, settings.Weather);
        builder.Services.AddOperations(new OperationsOptions(settings.Sandbox, settings.SandboxUrl) { Errors = settings.Sentry },
            new WebhookOptions(settings.WebhookAllow, settings.Sandbox, role is not "web") { Timeout = settings.WebhookTimeout });
        builder.Services.AddSingleton(settings.Metrics);
        Telemetry.Send(builder.Services, settings);
        Compression.Add(builder.Services);
        Drain.Add(builder.Services, settings);
        builder.Services.AddApiDescription("Guildhall");
        builder.Services.AddPages(settings.SandboxUrl, settings.Https, settings.Master);

        var app = builder.Build();
        app.UseClientAddress(settings.TrustedProxies);
        app.UseGuildhallPipeline(settings.Https, PagesOf(app.Services.GetServices<IGateway>()));
        app.UseMetrics();
        Compression.Use(app);
        app.UseFrontDoor(new FrontDoorOptions(settings.Url, Strict: !settings.Sandbox && !settings.Development, settings.Origins));
        app.UseRouting();
        app.UseSessions();
        app.UseSignedInReader();
        app.UseRouteRules();
        Idempotency.Use(app);
        var api = app.MapGroup("/api/v1");
        api.MapMessaging();
        api.MapFiles();
        api.MapIdentity();
        app.MapSigningKeys();
        if (settings.Development) app.MapDevSignIn();
        api.MapMoney();
        api.MapMarketplace();
        api.MapContent();
        app.MapContentFiles();
        api.MapOperations();
        StreamRoute.Map(app);
        ApiDescription.Map(app, settings.Sandbox ? null : OperationsPermissions.HealthView);
        app.UseAntiforgery();
        app.MapPages();
        app.MapConsoleForms();
        Readiness.Map(app);
        return app;
    }

    // What each gateway says its pages are: a form may lead there and to no other site.
    private static string[] PagesOf(IEnumerable<IGateway> gateways) =>
        [.. gateways.Select(g => g.Pages?.GetLeftPart(UriPartial.Authority)).OfType<string>().Distinct(StringComparer.Ordinal)];
}
