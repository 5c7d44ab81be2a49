using Guildhall.Sandbox.Mail;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Control;

internal static class MailRoutes
{
    private const int Most = 1000;

    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapGet("/mail", (World world, string? to, int? limit) =>
        {
            var key = string.IsNullOrWhiteSpace(to) ? null : StoredMail.KeyOf(to);
            return Control.Json(world.Read(w => w.Mail.NewestFirst(key).Take(Math.Clamp(limit ?? 100, 1, Most)).Select(Show).ToArray()));
        });
        sandbox.MapGet("/mail/{id}", (World world, string id) =>
            world.Read(w => w.Mail.Find(id)) is { } mail ? Control.Json(Show(mail)) : Control.Refuse("No such mail.", 404));
        sandbox.MapDelete("/mail", async (World world) => Control.Json(new { deleted = await world.Change(Empty) }));
    }

    public static int Empty(World world)
    {
        string[] ids = [.. world.Mail.NewestFirst().Select(mail => mail.Id)];
        foreach (var id in ids) world.Mail.Remove(id);
        return ids.Length;
    }

    private static object Show(StoredMail mail) => new { mail.Id, mail.To, mail.From, mail.Subject, mail.Text, mail.Html, mail.At, mail.Via, mail.Headers };
}
