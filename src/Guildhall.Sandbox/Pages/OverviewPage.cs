using Guildhall.Sandbox.Control;
using Guildhall.Sandbox.State;
using Microsoft.AspNetCore.Mvc;

namespace Guildhall.Sandbox.Pages;

/// <summary>The clock and every fault knob.</summary>
internal static class OverviewPage
{
    private const long LongestMove = 30 * 24 * 60 * 60;

    private static readonly (string Name, long Seconds)[] Moves =
        [("+1 minute", 60), ("+1 hour", 3600), ("+1 day", 86_400), ("+7 days", 604_800), ("+30 days", LongestMove)];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", Show);
        routes.MapPost("/controls/clock", async (World world, [FromForm] long seconds) =>
        {
            var step = Math.Clamp(seconds, -LongestMove, LongestMove);
            await world.Change(w => ClockRoutes.Set(w, step == 0 ? 0 : w.Clock.OffsetSeconds + step));
            return Back();
        }).DisableAntiforgery();
        routes.MapPost("/controls/faults", async (World world, HttpRequest request) =>
        {
            var faults = FaultForm.Read(await request.ReadFormAsync(request.HttpContext.RequestAborted));
            await world.Change(w => FaultRoutes.Set(w, faults));
            return Back();
        });
        routes.MapPost("/controls/faults/reset", async (World world) =>
        {
            await world.Change(w => FaultRoutes.Set(w, new Faults()));
            return Back();
        });
    }

    private static IResult Show(World world)
    {
        var (faults, offset, counts) = world.Read(w => (w.Faults, w.Clock.OffsetSeconds, Counts(w)));
        return Layout.Page(world, "Sandbox", "/", Html.Of($"""
            <h1>Faults and clock</h1>
            <p class="lead">This program stands in for the payment company, the mail company and the company that sends text messages. Here you make them misbehave.</p>
            <ul class="stats">{Html.Each(counts, c => Html.Of($"<li><a href=\"{c.Address}\"><b>{c.Number}</b> {c.Name}</a></li>"))}</ul>
            <div class="columns">
            {FaultFormOf(faults)}
            <section class="card stack" aria-labelledby="clock"><h2 id="clock">Clock</h2>
              <p>{Compare(offset)} Session expiry, late successes and payouts follow it.
                The product has a clock of its own, which moves this one with it.</p>
              <form method="post" action="/controls/clock" class="row">
              {Html.Each(Moves, move => Html.Of($"<button name=\"seconds\" value=\"{move.Seconds}\">{move.Name}</button>"))}
              <button name="seconds" value="0">Real time</button></form>
            </section>
            </div>
            """));
    }

    private static Html FaultFormOf(Faults faults) => Html.Of($"""
        <section class="card stack" aria-labelledby="faults"><h2 id="faults">Faults</h2>
        <form method="post" action="/controls/faults" class="stack">
          {Number("delayMs", "Delay of every API call (ms)", faults.DelayMs, 60_000)}
          {Number("timeoutNext", "Answers lost after the effect: the next", faults.TimeoutAfterEffect.Next, 1000)}
          {Number("timeoutPercent", "Answers lost after the effect (%)", faults.TimeoutAfterEffect.Percent, 100)}
          {Number("declineNext", "Cards declined: the next", faults.DeclineNext, 1000)}
          {Number("authenticateNext", "Kept cards whose bank insists on asking: the next", faults.AuthenticateNext, 1000)}
          {Number("dropWebhooks", "Webhook deliveries dropped, retried later (%)", faults.DropWebhooks, 100)}
          {Number("duplicateWebhooks", "Webhook deliveries sent twice (%)", faults.DuplicateWebhooks, 100)}
          {Number("delayWebhooksMs", "Delay of webhook deliveries (ms)", faults.DelayWebhooksMs, 600_000)}
          {Number("holdMinutes", "Held money is let go after (minutes; 0: seven days)", faults.HoldMinutes, 43_200)}
          {Number("payoutsLostBefore", "Payouts by PayPal and M-Pesa lost, nothing happens: the next", faults.PayoutsLostBefore, 1000)}
          {Number("smsLostBefore", "Texts lost, nobody gets them: the next", faults.SmsLostBefore, 1000)}
          {Number("smsLostAfter", "Texts whose answer is lost: the next", faults.SmsLostAfter, 1000)}
          {Number("smsTooMany", "Texts refused as too many: the next", faults.SmsTooMany, 1000)}
          {Number("smsBroken", "Texts answered with an error of theirs: the next", faults.SmsBroken, 1000)}
          {Number("smsUndelivered", "Texts taken, then not delivered: the next", faults.SmsUndelivered, 1000)}
          {Number("mailTooMany", "Mails by API refused as too many: the next", faults.MailTooMany, 1000)}
          {Number("mailBroken", "Mails by API answered with an error of theirs: the next", faults.MailBroken, 1000)}
          {Number("mailGarbage", "Mails by API answered with nonsense: the next", faults.MailGarbage, 1000)}
          {Number("mailLostBefore", "Mails by API lost, nobody gets them: the next", faults.MailLostBefore, 1000)}
          {Number("mailBounces", "Mails by API taken, then back: the next", faults.MailBounces, 1000)}
          {Number("pushLostBefore", "Push messages lost, nobody gets them: the next", faults.PushLostBefore, 1000)}
          {Number("pushLostAfter", "Push messages whose answer is lost: the next", faults.PushLostAfter, 1000)}
          {Number("pushTooMany", "Push messages refused as too many: the next", faults.PushTooMany, 1000)}
          {Number("pushBusy", "Push messages refused by a busy service: the next", faults.PushBusy, 1000)}
          {Number("seed", "Seed of the dice", faults.Seed, int.MaxValue)}
          {Check("reorderWebhooks", "Webhooks arrive in any order", faults.ReorderWebhooks)}
          {Check("failRefunds", "Refunds are accepted, then fail", faults.FailRefunds)}
          <label class="field"><span>Payouts</span><select name="failPayouts">
            {Option(PayoutFault.None, "arrive", faults.FailPayouts)}{Option(PayoutFault.Fail, "fail", faults.FailPayouts)}
            {Option(PayoutFault.ReturnAfterPaid, "arrive, then come back", faults.FailPayouts)}{Option(PayoutFault.Unclaimed, "are not claimed (PayPal)", faults.FailPayouts)}
            {Option(PayoutFault.NoMoney, "find no money of ours (PayPal, M-Pesa)", faults.FailPayouts)}
          </select></label>
          <label class="field"><span>Service of breached passwords</span><select name="pwned">
            {Option(PwnedFault.None, "answers", faults.Pwned)}{Option(PwnedFault.Down, "is down", faults.Pwned)}{Option(PwnedFault.Slow, "answers after 10 s", faults.Pwned)}
            {Option(PwnedFault.Malformed, "answers nonsense", faults.Pwned)}{Option(PwnedFault.Limited, "has had too many questions", faults.Pwned)}
          </select></label>
          {Streets("googleRoutes", "Google Routes", faults.GoogleRoutes)}{Streets("osrm", "OSRM", faults.Osrm)}
          <label class="field"><span>ElevenLabs</span><select name="voice">
            {Option(VoiceFault.None, "answers", faults.Voice)}{Option(VoiceFault.Down, "is down", faults.Voice)}{Option(VoiceFault.Slow, "answers after 30 s", faults.Voice)}
            {Option(VoiceFault.Garbage, "answers nonsense", faults.Voice)}{Option(VoiceFault.Refused, "does not let us in", faults.Voice)}{Option(VoiceFault.Limited, "has no letters left", faults.Voice)}
          </select></label>
          <label class="field"><span>OpenWeather</span><select name="weather">
            {Option(WeatherFault.None, "answers", faults.Weather)}{Option(WeatherFault.Down, "is down", faults.Weather)}{Option(WeatherFault.Slow, "answers after 30 s", faults.Weather)}
            {Option(WeatherFault.Garbage, "answers nonsense", faults.Weather)}{Option(WeatherFault.Refused, "does not let us in", faults.Weather)}{Option(WeatherFault.Limited, "has had too many questions", faults.Weather)}
          </select></label>
          <div class="row"><button class="primary">Set these faults</button></div>
        </form>
        <form method="post" action="/controls/faults/reset"><button class="link">Everything works again</button></form>
        </section>
        """);

    private static (string Name, int Number, string Address)[] Counts(World w) =>
    [
        ("checkout sessions", w.Sessions.Count, "/stripe/checkout_sessions"),
        ("payment intents", w.Intents.Count, "/stripe/payment_intents"),
        ("refunds", w.Refunds.Count, "/stripe/refunds"), ("transfers", w.Transfers.Count, "/stripe/transfers"),
        ("payouts", w.Payouts.Count, "/stripe/payouts"), ("events", w.Events.Count, "/stripe/events"), ("mails", w.Mail.Count, "/mailbox"),
        ("text messages", w.Texts.Count, "/phone"), ("push messages", w.Pushes.Count, "/push"),
    ];

    private static Html Streets(string name, string label, RoutesFault chosen) => Html.Of($"""
        <label class="field"><span>{label}</span><select name="{name}">
          {Option(RoutesFault.None, "answers", chosen)}{Option(RoutesFault.Down, "is down", chosen)}{Option(RoutesFault.Slow, "answers after 30 s", chosen)}
          {Option(RoutesFault.Garbage, "answers nonsense", chosen)}{Option(RoutesFault.Refused, "does not let us in", chosen)}{Option(RoutesFault.NoWay, "knows no way", chosen)}
        </select></label>
        """);

    private static Html Number(string name, string label, int value, int most) => Html.Of($"""
        <label class="field"><span>{label}</span>
          <input type="number" name="{name}" value="{value}" min="0" max="{most}" required></label>
        """);

    private static Html Check(string name, string label, bool on) => Html.Of($"""
        <label class="check"><input type="checkbox" name="{name}" value="true" {Html.When(on, new("checked"))}> {label}</label>
        """);

    private static string Compare(long offset)
    {
        if (offset == 0) return "It shows real time.";
        var apart = TimeSpan.FromSeconds(Math.Abs(offset));
        var days = apart.Days == 0 ? "" : $"{apart.Days} d ";
        return $"It is {days}{apart:hh':'mm':'ss} {(offset > 0 ? "ahead of" : "behind")} real time.";
    }

    private static Html Option<T>(T value, string text, T chosen) where T : struct, Enum => Html.Of(
        $"<option value=\"{value.ToString()}\" {Html.When(value.Equals(chosen), new("selected"))}>{text}</option>");

    private static IResult Back() => SeeOther.To("/");
}
