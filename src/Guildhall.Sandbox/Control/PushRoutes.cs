using Guildhall.Sandbox.Firebase;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Control;

internal static class PushRoutes
{
    private const int Most = 1000;

    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapGet("/pushes", (World world, string? token, int? limit) => Control.Json(world.Read(w =>
            w.Pushes.NewestFirst(string.IsNullOrWhiteSpace(token) ? null : PushMessage.KeyOf(token.Trim())).Take(Math.Clamp(limit ?? 100, 1, Most)).ToArray())));
        sandbox.MapDelete("/pushes", async (World world) => Control.Json(new { deleted = await world.Change(Empty) }));
        sandbox.MapPost("/firebase/end-tokens", (FirebaseAccount account) =>
        {
            account.EndAll();
            return Control.Json(new { ended = true });
        });
    }

    public static int Empty(World world)
    {
        string[] ids = [.. world.Pushes.NewestFirst().Select(push => push.Id)];
        foreach (var id in ids) world.Pushes.Remove(id);
        return ids.Length;
    }
}
