using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Messaging.Push;
using Guildhall.Messaging.Templates;
using Guildhall.Messaging.Templates.Editing;

namespace Guildhall.Messaging.Sms;

/// <summary>Makes a text message of a notice whose person wants its kind as one, and has a number. Done by the job of the mail, as for devices. Security is not among the
/// kinds: what is urgent there goes as a text of its own, with its code.</summary>
internal static class TellNumber
{
    private const int MostTitle = 120;

    private sealed record Wanted(Guid PersonId, NoticeId NoticeId, string Template, string Category, JsonElement Facts, JsonElement? Words, string Phone, string DisplayName, string Language, DateTimeOffset? UsefulUntil);

    public static async Task Run(Transaction tx, DeliveryId mail, Uri product)
    {
        if (await tx.Find<Wanted>(WantedSql, new { mail }) is not { } wanted) return;
        if (wanted.Facts.Deserialize<Dictionary<string, string>>() is not { Count: > 0 } facts) return;
        facts["name"] = wanted.DisplayName;
        var (title, _) = Rendering.Notice(EditedWords.Apply(TemplateBook.Get(wanted.Template), wanted.Words), wanted.Language, facts);
        var said = new Dictionary<string, string>(StringComparer.Ordinal) { ["title"] = SendPush.Cut(title, MostTitle), ["link"] = new Uri(product, facts.GetValueOrDefault("link", "/inbox")).AbsoluteUri };
        var secrets = await PersonKeys.Seal(tx, wanted.PersonId, new SealedText(wanted.Phone, said));
        var id = tx.NewId<DeliveryId>();
        var (key, hint, until) = (wanted.NoticeId.ToString(), Texts.Hint(wanted.Phone), TellDevices.Useful(tx.Now, wanted.UsefulUntil));
        var added = await tx.ChangeNow(AddSql, new { id, wanted.NoticeId, wanted.PersonId, wanted.Category, template = Texts.Notice, key, secrets, hint, until, now = tx.Now });
        if (added == 1) await tx.Enqueue(new SendText(id));
    }

    private const string WantedSql = """
        select d.person_id, n.id as notice_id, n.template, d.category, n.facts::text as facts, v.words::text as words, r.phone, r.display_name, r.language, d.useful_until
        from messaging.deliveries d join messaging.notices n on n.id = d.notice_id join messaging.recipients r on r.person_id = d.person_id
            join messaging.preferences p on p.person_id = d.person_id and p.category = d.category and p.channel = 'sms'
            left join messaging.templates_in_force f on f.template = n.template left join messaging.template_versions v on v.template = f.template and v.version = f.version
        where d.id = @mail and p.wanted and r.phone is not null and d.category <> 'security'
        """;

    private const string AddSql = """
        insert into messaging.deliveries (id, notice_id, person_id, channel, template, category, unique_key, secrets, to_hint, useful_until, created_at, changed_at)
        values (@id, @NoticeId, @PersonId, 'sms', @template, @Category, @key, @secrets, @hint, @until, @now, @now)
        on conflict (person_id, template, channel, unique_key) do nothing
        """;
}
