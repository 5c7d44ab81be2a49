using Guildhall.Foundation.Data;

namespace Guildhall.Messaging.Push;

/// <summary>Makes a delivery for each device of the person whose notice goes out by mail. Done by the job of the mail, so that whoever tells somebody something pays nothing for
/// it; a notice comes to a session once. What carries a code or a one-time link has no notice and is never shown on a locked screen.</summary>
internal static class TellDevices
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>A day, unless it is of use for less.</summary>
    internal static DateTimeOffset Useful(DateTimeOffset now, DateTimeOffset? until) => until is { } end && end < now + Longest ? end : now + Longest;

    private sealed record Device(Guid PersonId, string Template, string? Category, DateTimeOffset? UsefulUntil, NoticeId NoticeId, Guid SessionId, PushPlatform Platform);

    public static async Task Run(Transaction tx, DeliveryId mail)
    {
        foreach (var device in await tx.List<Device>(DevicesSql, new { mail }))
        {
            var id = tx.NewId<DeliveryId>();
            var (key, until) = ($"{device.NoticeId} {device.SessionId}", Useful(tx.Now, device.UsefulUntil));
            if (await tx.ChangeNow(AddSql, new { id, device.NoticeId, device.PersonId, device.Template, device.Category, key, device.SessionId, device.Platform, until, now = tx.Now }) == 1)
                await tx.Enqueue(new SendPush(id));
        }
    }

    private const string DevicesSql = """
        select d.person_id, d.template, d.category, d.useful_until, d.notice_id, p.session_id, p.platform
        from messaging.deliveries d join messaging.push_devices p on p.person_id = d.person_id where d.id = @mail and d.notice_id is not null
        """;

    private const string AddSql = """
        insert into messaging.deliveries (id, notice_id, person_id, channel, template, category, unique_key, device, to_hint, useful_until, created_at, changed_at)
        values (@id, @NoticeId, @PersonId, 'push', @Template, @Category, @key, @SessionId, @Platform, @until, @now, @now)
        on conflict (person_id, template, channel, unique_key) do nothing
        """;
}
