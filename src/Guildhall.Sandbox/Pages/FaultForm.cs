using System.Globalization;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Pages;

/// <summary>The fault form as it comes from the browser: what is missing or out of range becomes the nearest sensible value.</summary>
internal static class FaultForm
{
    public static Faults Read(IFormCollection form) => new()
    {
        DelayMs = Number(form, "delayMs", 60_000),
        DelayWebhooksMs = Number(form, "delayWebhooksMs", 600_000),
        TimeoutAfterEffect = new TimeoutFault(Number(form, "timeoutPercent", 100), Number(form, "timeoutNext", 1000)),
        DeclineNext = Number(form, "declineNext", 1000),
        AuthenticateNext = Number(form, "authenticateNext", 1000),
        DropWebhooks = Number(form, "dropWebhooks", 100),
        DuplicateWebhooks = Number(form, "duplicateWebhooks", 100),
        HoldMinutes = Number(form, "holdMinutes", 43_200),
        ReorderWebhooks = form["reorderWebhooks"] == "true",
        FailRefunds = form["failRefunds"] == "true",
        FailPayouts = Enum.TryParse<PayoutFault>(form["failPayouts"], out var payouts) && Enum.IsDefined(payouts)
            ? payouts
            : PayoutFault.None,
        PayoutsLostBefore = Number(form, "payoutsLostBefore", 1000),
        SmsLostBefore = Number(form, "smsLostBefore", 1000),
        SmsLostAfter = Number(form, "smsLostAfter", 1000),
        SmsTooMany = Number(form, "smsTooMany", 1000),
        SmsBroken = Number(form, "smsBroken", 1000),
        SmsUndelivered = Number(form, "smsUndelivered", 1000),
        MailTooMany = Number(form, "mailTooMany", 1000),
        MailBroken = Number(form, "mailBroken", 1000),
        MailGarbage = Number(form, "mailGarbage", 1000),
        MailLostBefore = Number(form, "mailLostBefore", 1000),
        MailBounces = Number(form, "mailBounces", 1000),
        PushLostBefore = Number(form, "pushLostBefore", 1000),
        PushLostAfter = Number(form, "pushLostAfter", 1000),
        PushTooMany = Number(form, "pushTooMany", 1000),
        PushBusy = Number(form, "pushBusy", 1000),
        Pwned = Enum.TryParse<PwnedFault>(form["pwned"], out var pwned) && Enum.IsDefined(pwned) ? pwned : PwnedFault.None,
        Storage = Enum.TryParse<StorageFault>(form["storage"], out var storage) && Enum.IsDefined(storage) ? storage : StorageFault.None,
        Scanner = Enum.TryParse<ScannerFault>(form["scanner"], out var scanner) && Enum.IsDefined(scanner) ? scanner : ScannerFault.None,
        GoogleRoutes = Routes(form, "googleRoutes"),
        Osrm = Routes(form, "osrm"),
        Voice = Enum.TryParse<VoiceFault>(form["voice"], out var voice) && Enum.IsDefined(voice) ? voice : VoiceFault.None,
        Weather = Enum.TryParse<WeatherFault>(form["weather"], out var weather) && Enum.IsDefined(weather) ? weather : WeatherFault.None,
        Seed = Number(form, "seed", int.MaxValue),
    };

    private static RoutesFault Routes(IFormCollection form, string name) => Enum.TryParse<RoutesFault>(form[name], out var fault) && Enum.IsDefined(fault) ? fault : RoutesFault.None;

    private static int Number(IFormCollection form, string name, int most) =>
        int.TryParse(form[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, most) : 0;
}
