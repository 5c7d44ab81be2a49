using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Messaging.Email;
using Guildhall.Messaging.Preferences;
using Guildhall.Messaging.Push;
using Guildhall.Messaging.Sms;
using Guildhall.Messaging.Templates;
using Guildhall.Messaging.Templates.Editing;

namespace Guildhall.Messaging.Bursts;

/// <summary>A storm of messages to one person: the first few of a category go out by each way, the others are gathered into one digest at the end of the quarter of an hour. While it goes on,
/// there is a digest each quarter of an hour and nothing else. A row per person, category and way decides, locked while it counts.</summary>
internal static class Burst
{
    public const string Digest = "digest";
    private const int MostTitles = 10, MostTitle = 120;
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>One message and where it goes.</summary>
    internal sealed record Going(DeliveryId Id, Guid PersonId, MessageCategory Category, MessageChannel Channel, NoticeId? NoticeId, Guid? Device, string? ToHint)
    {
        /// <summary>The channel; for push messages the device.</summary>
        public string Way => Device is { } device ? $"push {device}" : Names.Of(Channel);
    }

    private sealed record Counted(int Held, DateTimeOffset BeganAt, DeliveryId? DigestId);
    private sealed record Reader(string Phone, string Language);
    private sealed record Gathered(string Template, JsonElement Facts, JsonElement? Words);

    /// <summary>Null: it may go; else the digest that it is in.</summary>
    public static async Task<DeliveryId?> Take(Transaction tx, Going going, int few)
    {
        var counted = await tx.Get<Counted>(CountSql, new { going.PersonId, going.Category, going.Way, few, now = tx.Now, over = tx.Now - Window, long_ = tx.Now - Window - Window });
        if (counted.Held == 0) return null;
        return counted.DigestId ?? await Begin(tx, going, counted.BeganAt + Window);
    }

    /// <summary>What a digest says. Null: there is nothing in it any more.</summary>
    public static async Task<Dictionary<string, string>?> Facts(Database database, DeliveryId digest, string name, string language, CancellationToken stop)
    {
        var count = await database.Find<long>("select count(*) from messaging.deliveries where digest_id = @digest", new { digest }, stop);
        var gathered = await database.List<Gathered>(GatheredSql, new { digest, most = MostTitles }, stop);
        var titles = gathered.Select(g => (Facts: g.Facts.Deserialize<Dictionary<string, string>>(JsonRules.Options)!, Template: EditedWords.Apply(TemplateBook.Get(g.Template), g.Words))).Where(g => g.Facts.Count > 0).Select(g =>
        {
            g.Facts["name"] = name;
            return SendPush.Cut(Rendering.Notice(g.Template, language, g.Facts).Title, MostTitle);
        });
        return count == 0 ? null : new(StringComparer.Ordinal) { ["count"] = count.ToString(System.Globalization.CultureInfo.InvariantCulture), ["titles"] = string.Join(" · ", titles), ["link"] = "/inbox" };
    }

    private static async Task<DeliveryId> Begin(Transaction tx, Going going, DateTimeOffset at)
    {
        var digest = tx.NewId<DeliveryId>();
        var (isMail, isText) = (going.Channel is MessageChannel.Email, going.Channel is MessageChannel.Sms);
        var secrets = isText ? await SealText(tx, going.PersonId) : null;
        // A mail has no notice of its own: what it says is gathered when it goes.
        await tx.ChangeOne(AddSql, new
        {
            digest, going.PersonId, going.Channel, going.Category, template = isText ? Texts.Notice : Digest, notice = isMail ? null : going.NoticeId, going.Device, going.ToHint, secrets,
            key = digest.ToString(), until = isMail ? (DateTimeOffset?)null : at.AddDays(1), now = tx.Now,
        });
        await tx.ChangeOne("update messaging.bursts set digest_id = @digest where person_id = @PersonId and category = @Category and way = @Way", new { digest, going.PersonId, going.Category, going.Way });
        await (going.Channel switch
        {
            MessageChannel.Push => tx.Enqueue(new SendPush(digest), at),
            MessageChannel.Sms => tx.Enqueue(new SendText(digest), at),
            _ => tx.Enqueue(new SendMail(digest), at),
        });
        return digest;
    }

    private static async Task<byte[]> SealText(Transaction tx, Guid person)
    {
        var reader = await tx.Get<Reader>("select phone, language from messaging.recipients where person_id = @person and phone is not null", new { person });
        var title = TemplateBook.Get(Digest).In(reader.Language).Lines[^1];
        return await PersonKeys.Seal(tx, person, new SealedText(reader.Phone, new(StringComparer.Ordinal) { ["title"] = title, ["link"] = "" }));
    }

    // A storm that went into a digest and still goes on begins its next quarter of an hour with what is held.
    private const string CountSql = """
        insert into messaging.bursts as b (person_id, category, way, began_at, passed, held) values (@PersonId, @Category, @Way, @now, 1, 0)
        on conflict (person_id, category, way) do update set
            began_at = case when b.began_at <= @over then @now else b.began_at end,
            digest_id = case when b.began_at > @over then b.digest_id end,
            passed = case when b.began_at <= @long_ or (b.began_at <= @over and b.held = 0) then 1 when b.began_at <= @over then @few else least(b.passed + 1, @few) end,
            held = case when b.began_at <= @long_ or (b.began_at <= @over and b.held = 0) then 0 when b.began_at <= @over then 1 when b.passed < @few then 0 else b.held + 1 end
        returning held, began_at, digest_id
        """;

    private const string AddSql = """
        insert into messaging.deliveries (id, notice_id, person_id, channel, template, category, unique_key, secrets, device, to_hint, useful_until, created_at, changed_at)
        values (@digest, @notice, @PersonId, @Channel, @template, @Category, @key, @secrets, @Device, @ToHint, @until, @now, @now)
        """;

    private const string GatheredSql = """
        select n.template, n.facts::text as facts, v.words::text as words from messaging.deliveries d join messaging.notices n on n.id = d.notice_id
            left join messaging.templates_in_force f on f.template = n.template left join messaging.template_versions v on v.template = f.template and v.version = f.version
        where d.digest_id = @digest order by d.id desc limit @most
        """;
}
