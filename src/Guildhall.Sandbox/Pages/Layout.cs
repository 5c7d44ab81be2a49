using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Pages;

internal static class Layout
{
    public static IResult Page(World world, string title, string current, Html body)
    {
        var clock = world.Read(w => w.Clock);
        var faults = world.Read(w => w.Faults);
        var page = Html.Of($"""
            {Head(title)}
            <body>
            <a class="skip" href="#main">Skip to content</a>
            <header class="top"><div class="wide">
              <a class="brand" href="/">Guildhall <span>sandbox</span></a>
              <nav aria-label="Sandbox">{Link("/", "Faults and clock", current)}{Link("/mailbox", "Mailbox", current)}{Link("/phone", "Phone", current)}{Link("/push", "Push", current)}
              {Link("/stripe", "Stripe", current)}{Link("/mpesa", "M-Pesa", current)}{Link("/paypal/payouts", "PayPal payouts", current)}</nav>
            </div></header>
            <div class="strip"><div class="wide"><strong>No real money moves, no real mail leaves.</strong>
              <span>Clock <time datetime="{clock.Now:O}">{clock.Now:ddd d MMM yyyy, HH:mm} UTC</time></span>
              {Html.When(!faults.IsCalm, Html.Of($"<a class=\"badge amber\" href=\"/\">⚠ Faults are on</a>"))}</div></div>
            <main id="main" class="wide">{body}</main>
            </body></html>
            """);
        return Show(page);
    }

    /// <summary>A page of the pretended payment company: no sandbox navigation, but never without the mark.</summary>
    public static IResult Bare(string title, Html body, int status = 200) => Show(
        Html.Of($"""
            {Head(title)}
            <body class="pay">
            <p class="strip center"><strong>Sandbox: no real money moves.</strong></p>
            <main id="main">{body}</main>
            </body></html>
            """),
        status);

    public static Html Badge(string state) => state switch
    {
        "succeeded" or "paid" or "complete" or "Delivered" or "delivered" => Html.Of($"<span class=\"badge green\">✓ {state}</span>"),
        "failed" or "canceled" or "expired" or "GivenUp" or "undelivered" => Html.Of($"<span class=\"badge red\">✕ {state}</span>"),
        _ => Html.Of($"<span class=\"badge amber\">• {state}</span>"),
    };

    private static IResult Show(Html page, int status = 200) => Results.Text(page.Text, "text/html; charset=utf-8", statusCode: status);

    private static Html Head(string title) => Html.Of($"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark"><title>{title}</title><link rel="stylesheet" href="/sandbox.css">
        <link rel="icon" href="data:,"></head>
        """);

    private static Html Link(string address, string text, string current) => address == current
        ? Html.Of($"<a href=\"{address}\" aria-current=\"page\">{text}</a>")
        : Html.Of($"<a href=\"{address}\">{text}</a>");
}
