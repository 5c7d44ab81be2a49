using System.Text;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Calendars;

/// <summary>iCalendar files as other companies serve them, well or badly.</summary>
internal static class CalendarRoutes
{
    private const int MostText = 200_000, HugeChunks = 6 * 1024;

    /// <param name="Fault">In lower snake case; none when absent.</param>
    public sealed record Body(string? Text, string? Fault = null);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/calendars/{name}.ics", (HttpContext http, World world, string name) => Answer(http, world, name));
        routes.MapPut("/sandbox/calendars/{name}", async (World world, string name, Body body) =>
        {
            if (!Enum.TryParse<CalendarFault>((body.Fault ?? "none").Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var fault)) return Control.Control.Refuse($"There is no fault called {body.Fault}.");
            if (name.Length > 60 || body.Text is { Length: > MostText }) return Control.Control.Refuse($"A calendar has a name of at most 60 and a text of at most {MostText} characters.");
            return Control.Control.Json(await world.Change(w =>
            {
                var calendar = new StoredCalendar(name, body.Text ?? w.Calendars.Find(name)?.Text ?? Empty, fault);
                w.Calendars.Put(calendar);
                return calendar;
            }));
        });
    }

    private static async Task Answer(HttpContext http, World world, string name)
    {
        if (world.Read(w => w.Calendars.Find(name)) is not { } calendar)
        {
            http.Response.StatusCode = 404;
            return;
        }
        http.Response.ContentType = "text/calendar; charset=utf-8";
        switch (calendar.Fault)
        {
            case CalendarFault.Down: http.Response.StatusCode = 503; break;
            case CalendarFault.Garbage: await http.Response.WriteAsync("<html><body>Sign in to see this calendar.</body></html>"); break;
            case CalendarFault.CutOff: await http.Response.WriteAsync(calendar.Text[..(calendar.Text.Length * 2 / 3)]); break;
            case CalendarFault.Redirect: http.Response.Redirect("http://169.254.169.254/latest/meta-data/"); break;
            case CalendarFault.Huge: await Lines(http, HugeChunks, TimeSpan.Zero); break;
            case CalendarFault.Slow: await Lines(http, 600, TimeSpan.FromMilliseconds(100)); break;
            default: await http.Response.WriteAsync(calendar.Text); break;
        }
    }

    // A comment of a kilobyte, again and again.
    private static async Task Lines(HttpContext http, int count, TimeSpan pause)
    {
        var line = Encoding.ASCII.GetBytes("X-COMMENT:" + new string('x', 1012) + "\r\n");
        await http.Response.WriteAsync("BEGIN:VCALENDAR\r\n");
        for (var i = 0; i < count && !http.RequestAborted.IsCancellationRequested; i++)
        {
            await http.Response.Body.WriteAsync(line);
            if (pause > TimeSpan.Zero) await Task.Delay(pause, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private const string Empty = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Sandbox//EN\r\nBEGIN:VTIMEZONE\r\nTZID:Etc/UTC\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n";
}
