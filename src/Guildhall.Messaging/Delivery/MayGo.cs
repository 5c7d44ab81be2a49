using Guildhall.Foundation.Data;
using Guildhall.Messaging.Bursts;
using Guildhall.Messaging.Preferences;
using Guildhall.Messaging.Sms;
using Guildhall.Messaging.Templates;

namespace Guildhall.Messaging.Delivery;

/// <summary>A delivery that does not go now.</summary>
/// <param name="Wait">How long until it is asked about again; null: never.</param>
internal readonly record struct Held(TimeSpan? Wait);

/// <summary>What stands between a message and its channel: the person's wishes, whether it is still of use, their quiet hours, and a storm of its kind. Asked in the transaction
/// that begins an attempt, with the delivery locked: a wish that was committed before counts, however long the message had been queued. Whatever holds it stands in the log.</summary>
internal static class MayGo
{
    private sealed record Known(Guid PersonId, string Template, bool IsDigest, MessageChannel Channel, MessageCategory? Category, NoticeId? NoticeId, Guid? Device, string? ToHint, DeliveryState State, int Attempts,
        string? Reason, DateTimeOffset? UsefulUntil, DateTimeOffset? ReadAt, string? Phone, string? Zone, int? Starts, int? Ends, bool? Wanted)
    {
        // A notice goes to the number that is proven to be the person's now, or to none.
        public bool LostNumber => Channel is MessageChannel.Sms && NoticeId is not null && (Phone is null || Texts.Hint(Phone) != ToHint);
    }

    /// <summary>Null: it may go.</summary>
    public static async Task<Held?> Ask(Transaction tx, DeliveryId delivery)
    {
        var known = await tx.Get<Known>(ReadSql, new { delivery, key = delivery.ToString() });
        var template = TemplateBook.Find(known.Template);
        var category = Categories.Of(known.Category ?? template?.Category ?? MessageCategory.Security);
        if (!category.Locked.Contains(known.Channel) && !(known.Wanted ?? category.Default(known.Channel))) return await Never(tx, delivery, known, DeliveryState.Suppressed, DeliveryReasons.SwitchedOff);
        if (known.LostNumber) return await Never(tx, delivery, known, DeliveryState.Failed, DeliveryReasons.RecipientUnknown);
        if (known.UsefulUntil <= tx.Now) return await Never(tx, delivery, known, DeliveryState.Failed, DeliveryReasons.TooLate);
        if (known is { Reason: DeliveryReasons.QuietHours, ReadAt: not null, IsDigest: false, Channel: not MessageChannel.Email }) return await Never(tx, delivery, known, DeliveryState.Suppressed, DeliveryReasons.AlreadyRead);
        var urgent = category.IsUrgent || template is { IsUrgent: true } or { IsAskedFor: true };
        if (urgent) return null;
        if (Quiet(known)?.EndOf(tx.Now, known.Zone ?? "UTC") is { } end) return await Wait(tx, delivery, known, end);
        if (category.Few is not { } few || known is { IsDigest: true } or not { Attempts: 0, State: DeliveryState.Queued }) return null;
        var going = new Burst.Going(delivery, known.PersonId, category.Name, known.Channel, known.NoticeId, known.Device, known.ToHint);
        if (await Burst.Take(tx, going, few) is not { } digest) return null;
        await tx.ChangeOne("update messaging.deliveries set digest_id = @digest where id = @delivery", new { digest, delivery });
        return await Never(tx, delivery, known, DeliveryState.Suppressed, DeliveryReasons.InDigest);
    }

    private static QuietHours? Quiet(Known known) => known is { Starts: { } starts, Ends: { } ends } ? QuietHours.OfMinutes(starts, ends) : null;

    // What may have been sent already stays unknown; it is only not repeated.
    private static async Task<Held?> Never(Transaction tx, DeliveryId delivery, Known known, DeliveryState to, string reason)
    {
        var state = known.State is DeliveryState.Unknown ? DeliveryState.Unknown : to;
        await tx.ChangeOne(NeverSql, new { delivery, state, reason, now = tx.Now });
        await DeliveryLog.Add(tx, delivery, known.Attempts, state, reason, null);
        return new Held(null);
    }

    private static async Task<Held?> Wait(Transaction tx, DeliveryId delivery, Known known, DateTimeOffset end)
    {
        if (known.Reason is not DeliveryReasons.QuietHours)
        {
            await tx.ChangeOne(WaitSql, new { delivery, reason = DeliveryReasons.QuietHours, now = tx.Now });
            await DeliveryLog.Add(tx, delivery, known.Attempts, known.State, DeliveryReasons.QuietHours, null);
        }
        return new Held(end - tx.Now);
    }

    private const string ReadSql = """
        select d.person_id, coalesce(n.template, d.template) as template, coalesce(d.unique_key = @key, false) as is_digest, d.notice_id, d.device, d.to_hint, d.channel, d.category, d.state,
            d.attempts, d.reason, d.useful_until, n.read_at, r.phone, r.zone, q.starts, q.ends, p.wanted
        from messaging.deliveries d left join messaging.notices n on n.id = d.notice_id left join messaging.recipients r on r.person_id = d.person_id
            left join messaging.quiet_hours q on q.person_id = d.person_id
            left join messaging.preferences p on p.person_id = d.person_id and p.category = d.category and p.channel = d.channel
        where d.id = @delivery
        """;

    private const string NeverSql = "update messaging.deliveries set state = @state, reason = @reason, secrets = null, changed_at = @now where id = @delivery";

    private const string WaitSql = "update messaging.deliveries set reason = @reason, changed_at = @now where id = @delivery";
}
