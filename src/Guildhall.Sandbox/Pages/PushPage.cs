using Guildhall.Sandbox.Control;
using Guildhall.Sandbox.Firebase;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Pages;

/// <summary>What was pushed to every device: by token, the newest first.</summary>
internal static class PushPage
{
    private const int Shown = 100, TokenShown = 24;
    private const string Empty = "<p class=\"empty\">Nothing was pushed yet. Register a token with PUT /api/v1/me/push-device, and the next notice arrives on this page.</p>";

    private const string DeleteAll = """
        <form method="post" action="/controls/pushes/delete"><button class="link">Delete all push messages</button></form>
        """;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/push", List);
        routes.MapPost("/controls/pushes/delete", async (World world) =>
        {
            await world.Change(PushRoutes.Empty);
            return SeeOther.To("/push");
        });
    }

    private static IResult List(World world)
    {
        var devices = world.Read(w => w.Pushes.NewestFirst().Take(Shown).ToArray()).GroupBy(push => push.Token, StringComparer.Ordinal).ToArray();
        return Layout.Page(world, "Push", "/push", Html.Of($"""
            <h1>Push</h1>
            {Html.When(devices.Length == 0, new(Empty))}
            {Html.Each(devices, device => Html.Of($"""
              <section class="stack"><h2><bdi dir="ltr">{(device.Key.Length > TokenShown ? device.Key[..TokenShown] + "…" : device.Key)}</bdi></h2>
              {Html.Each(device, Show)}</section>
              """))}
            {Html.When(devices.Length > 0, new(DeleteAll))}
            """));
    }

    private static Html Show(PushMessage push) => Html.Of($"""
        <article class="card"><p dir="auto"><strong>{push.Title}</strong></p><p dir="auto">{push.Body}</p>
        <p class="muted"><time datetime="{push.At:O}">{push.At:d MMM, HH:mm:ss} UTC</time> {Html.When(push.Link is not null, Html.Of($"· leads to <bdi dir=\"ltr\">{push.Link ?? ""}</bdi>"))}</p></article>
        """);
}
