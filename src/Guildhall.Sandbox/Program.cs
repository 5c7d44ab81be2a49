using System.Net.Sockets;
using Guildhall.Sandbox;
using Guildhall.Sandbox.Control;
using Guildhall.Sandbox.Mail;
using Guildhall.Sandbox.Pages;
using Guildhall.Sandbox.Pwned;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Protocol;
using Guildhall.Sandbox.Stripe.Routes;
using Guildhall.Sandbox.Twilio;
using Guildhall.Sandbox.Webhooks;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(SandboxOptions.Help);
    return 0;
}

try
{
    var options = SandboxOptions.FromEnvironment();
    await using var world = World.Open(options.Data, options.Keep);
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "guildhall-sandbox" });
    builder.WebHost.UseUrls(options.Listen).ConfigureKestrel(kestrel =>
    {
        kestrel.Limits.MaxRequestBodySize = 256 * 1024;
        kestrel.AddServerHeader = false;
    });
    builder.Logging.SetMinimumLevel(LogLevel.Warning);
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    builder.Services.AddSingleton(options).AddSingleton(world);
    builder.Services.AddSingleton<TellStatus>().AddHostedService(services => services.GetRequiredService<TellStatus>());
    builder.Services.AddHostedService<SmtpServer>().AddHostedService<RunTimers>().AddHostedService<DeliverWebhooks>();
    builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
    builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNameCaseInsensitive = true);

    await using var app = builder.Build();
    app.Use(SecurityHeaders.Add);
    app.MapGet("/health/live", () => Results.Text("live"));
    PwnedRoutes.Map(app);
    StripeRoutes.Map(new StripeApi(world, options, app), app);
    TwilioRoutes.Map(app);
    ControlRoutes.Map(app.MapGroup("/sandbox"));
    SandboxPages.Map(app);
    await app.StartAsync();
    Console.WriteLine(
        $"Sandbox: {options.Listen} (mailbox {options.Listen}/mailbox, texts {options.Listen}/phone, mail to {options.Smtp}). No real money moves.");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception cannot) when (cannot is IOException or FormatException or UnauthorizedAccessException or SocketException)
{
    await Console.Error.WriteLineAsync($"guildhall-sandbox cannot start: {cannot.Message}");
    return 1;
}
