using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Twilio;

namespace Guildhall.Sandbox.Control;

internal static class TextRoutes
{
    private const int Most = 1000;

    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapGet("/texts", (World world, string? to, int? limit) => Control.Json(world.Read(w =>
            w.Texts.NewestFirst(string.IsNullOrWhiteSpace(to) ? null : TextMessage.KeyOf(to.Trim())).Take(Math.Clamp(limit ?? 100, 1, Most)).Select(Show).ToArray())));
        sandbox.MapDelete("/texts", async (World world) => Control.Json(new { deleted = await world.Change(Empty) }));
    }

    public static int Empty(World world)
    {
        string[] ids = [.. world.Texts.NewestFirst().Select(text => text.Sid)];
        foreach (var id in ids) world.Texts.Remove(id);
        return ids.Length;
    }

    private static object Show(TextMessage text) => new { text.Sid, text.To, text.From, text.Body, text.Status, text.ErrorCode, text.Segments, text.At };
}
