using Guildhall.Sandbox.Calendars;
using Guildhall.Sandbox.ClamAv;
using Guildhall.Sandbox.Control;
using Guildhall.Sandbox.ElevenLabs;
using Guildhall.Sandbox.Firebase;
using Guildhall.Sandbox.Knet;
using Guildhall.Sandbox.Mail;
using Guildhall.Sandbox.Mpesa;
using Guildhall.Sandbox.MyFatoorah;
using Guildhall.Sandbox.Pages;
using Guildhall.Sandbox.Paytm;
using Guildhall.Sandbox.PayPal;
using Guildhall.Sandbox.Pwned;
using Guildhall.Sandbox.Routes;
using Guildhall.Sandbox.S3;
using Guildhall.Sandbox.SendGrid;
using Guildhall.Sandbox.Ses;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Protocol;
using Guildhall.Sandbox.Stripe.Routes;
using Guildhall.Sandbox.Twilio;
using Guildhall.Sandbox.Weather;
using Guildhall.Sandbox.Webhooks;

namespace Guildhall.Sandbox;

/// <summary>All parties of one world behind one address.</summary>
internal static class SandboxApp
{
    public static WebApplication Build(SandboxOptions options, World world, Action<ILoggingBuilder>? log = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "guildhall-sandbox" });
        builder.WebHost.UseUrls(options.Listen).ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 256 * 1024;
            kestrel.AddServerHeader = false;
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        log?.Invoke(builder.Logging);
        builder.Services.AddSingleton(options).AddSingleton(world);
        builder.Services.AddSingleton<S3Account>().AddHostedService<ClamdServer>();
        builder.Services.AddSingleton<PayPalSigner>().AddSingleton<SendGridSigner>().AddSingleton<SnsSigner>().AddSingleton<SesTopic>().AddSingleton<FirebaseAccount>();
        builder.Services.AddSingleton<PayAtKnet>();
        builder.Services.AddSingleton<TellStatus>().AddHostedService(services => services.GetRequiredService<TellStatus>());
        builder.Services.AddSingleton<MpesaAccount>().AddHostedService<TellOnce>();
        builder.Services.AddHostedService<SmtpServer>().AddHostedService<RunTimers>().AddHostedService<DeliverWebhooks>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNameCaseInsensitive = true);

        var app = builder.Build();
        app.Use(SecurityHeaders.Add);
        app.MapGet("/health/live", () => Results.Text("live"));
        PwnedRoutes.Map(app);
        CalendarRoutes.Map(app);
        RouteParties.Map(app);
        WeatherParty.Map(app);
        VoiceParty.Map(app);
        S3Routes.Map(app);
        StripeRoutes.Map(new StripeApi(world, options, app), app);
        TwilioRoutes.Map(app);
        FirebaseRoutes.Map(app);
        SendGridRoutes.Map(app);
        SesRoutes.Map(app);
        MpesaRoutes.Map(app);
        PaytmRoutes.Map(app);
        PayPalRoutes.Map(app, world, options);
        KnetRoutes.Map(app);
        MyFatoorahRoutes.Map(app);
        ControlRoutes.Map(app.MapGroup("/sandbox"));
        SandboxPages.Map(app);
        return app;
    }
}
