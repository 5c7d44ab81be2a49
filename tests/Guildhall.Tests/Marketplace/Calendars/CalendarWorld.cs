using System.Net;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Calendars;
using Guildhall.Web.Host;
using Microsoft.AspNetCore.Builder;

namespace Guildhall.Tests.Marketplace.Calendars;

/// <summary>Shops whose providers keep calendars elsewhere: at the sandbox, the only inside address that may be read.</summary>
public sealed class CalendarWorld : MarketplaceWorld
{
    internal override HostSettings Configure(HostSettings settings, int node) =>
        settings with { WebhookAllow = [new AllowedTarget(IPNetwork.Parse("127.0.0.1/32"), settings.SandboxUrl!.Port)] };

    // So that a calendar that trickles is given up soon.
    protected override void Adjust(WebApplicationBuilder builder, int node) => builder.Host.ConfigureContainer<IServiceCollection>((_, services) =>
        services.AddSingleton(new MarketplaceOptions(new Uri("https://market.test")) { CalendarTimeout = TimeSpan.FromSeconds(4) }));

    internal Uri CalendarAt(string name) => new(Sandbox.Http.BaseAddress!, $"/calendars/{name}.ics");

    /// <summary>What the sandbox serves from now on.</summary>
    internal Task Serves(string name, string? text = null, string fault = "none") => Sandbox.Put($"/sandbox/calendars/{name}", new { text, fault });

    internal static string Calendar(params string[] events) => string.Join("\r\n", ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", .. events, "END:VCALENDAR", ""]);

    internal static string Event(DateTimeOffset from, DateTimeOffset until, params string[] more) =>
        string.Join("\r\n", ["BEGIN:VEVENT", $"UID:{Guid.NewGuid()}", $"DTSTART:{from.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}", $"DTEND:{until.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}", .. more, "END:VEVENT"]);

    internal async Task<ExternalCalendarView> Adds(Caller provider, string name, string? url = null) =>
        (await AddCalendar.Run(Data(), Get<PublicConnect>(), Get<MasterKey>(), provider, new AddCalendar.Body(name, url ?? CalendarAt(name).AbsoluteUri), default)).OrThrow();

    internal async Task<IReadOnlyList<ExternalCalendarView>> Calendars(Caller provider) => (await ListCalendars.Run(Data(1), provider, default)).OrThrow().Items;

    /// <summary>Once every calendar of the provider was read: on a busy machine one look may take too long.</summary>
    internal async Task AreReadable(Caller provider)
    {
        for (var look = 0; look < 6 && !(await Calendars(provider)).All(c => c.State == CalendarState.Readable); look++)
        {
            await Clock.Passes(20.Minutes());
            await AreLookedAt(provider, Clock.Now - 1.Minutes());
        }
    }

    /// <summary>Once every calendar of the provider was looked at since then.</summary>
    internal Task AreLookedAt(Caller provider, DateTimeOffset since) => Eventually.True(async () => (await Calendars(provider)).All(c => c.CheckedAt >= since),
        async () => "Not looked at: " + string.Join(", ", (await Calendars(provider)).Select(c => $"{c.Name} {c.State} {c.CheckedAt:O}")));
}

[CollectionDefinition(nameof(CalendarTests))]
public sealed class CalendarTests : ICollectionFixture<CalendarWorld>;
