using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Messaging.Email;
using Guildhall.Messaging.Inbox;
using Guildhall.Messaging.Preferences;
using Guildhall.Messaging.Templates;

namespace Guildhall.Messaging;

/// <summary>Tells a person something: a notice in the inbox and an e-mail, both decided in the caller's transaction. Nothing is read and
/// nothing leaves the process here; the job sends the mail after the commit, when the person's wishes let it go (<see cref="Delivery.MayGo"/>).</summary>
public static class Notify
{
    private const int MaxFact = 2000;

    /// <summary>Writes the notice, the delivery and the job. Throws <see cref="ArgumentException"/> for an unknown template, a missing fact, or
    /// a fact over 2000 characters: those are mistakes of the caller, never of the person.</summary>
    /// <param name="template">A template of this module; see <c>Templates/TemplateBook.cs</c> for the facts each needs.</param>
    /// <param name="facts">Ready to read, without markup. <c>link</c> is a path of the product or an absolute address. <c>name</c> comes
    /// from the recipient.</param>
    /// <param name="uniqueKey">The same person, template and key is told once, however often this is called.</param>
    /// <param name="to">Another address than the one the person has: one that is to be confirmed, or was given up. Only for secret templates, whose facts are sealed.</param>
    /// <param name="usefulUntil">Neither mailed nor pushed after this moment, whatever it had to wait for; the notice stays in the inbox.</param>
    public static async Task Person(Transaction tx, Guid personId, string template, IReadOnlyDictionary<string, string> facts, string? uniqueKey = null, string? to = null,
        DateTimeOffset? usefulUntil = null)
    {
        var known = TemplateBook.Get(template);
        if (known.Facts.FirstOrDefault(f => !facts.ContainsKey(f)) is { } missing) throw new ArgumentException($"Template {template} needs the fact {missing}.", nameof(facts));
        if (facts.FirstOrDefault(f => f.Value.Length > MaxFact) is { Key: { } long_ }) throw new ArgumentException($"The fact {long_} is too long.", nameof(facts));

        var used = known.Facts.ToDictionary(f => f, f => facts[f], StringComparer.Ordinal);
        if (to is not null) used[SendMail.To] = known.IsSecret ? to : throw new ArgumentException($"Template {template} keeps its facts readable: it cannot go to another address.", nameof(to));
        var (notice, delivery) = (tx.NewId<NoticeId>(), tx.NewId<DeliveryId>());
        var secrets = known.IsSecret ? await PersonKeys.Seal(tx, personId, used) : null;
        var always = Categories.Of(known.Category).Locked.Contains(MessageChannel.Inbox);
        if (!known.IsSecret) await tx.Change(AddNotice, new { id = notice, personId, template, facts = new Jsonb(used), uniqueKey, known.Category, always, now = tx.Now });
        await tx.Change(AddDelivery, new
        {
            id = delivery, notice = known.IsSecret ? (NoticeId?)null : notice, personId, template, known.Category, secrets, uniqueKey, usefulUntil, now = tx.Now,
        });
        await tx.Enqueue(new SendMail(delivery));
        if (!known.IsSecret) tx.HintInbox(personId);
    }

    /// <summary>What was told is true no more: whatever of it was not sent is not sent, also when it waits or is tried again. What goes out at this moment may arrive; the notice stays in the inbox.</summary>
    public static async Task TakeBack(Transaction tx, Guid personId, string template, string uniqueKey)
    {
        await tx.Change(LockMail, new { personId, template, uniqueKey }); // what its job makes of it for devices and number is there, or not yet
        await tx.Change(TakeBackSql, new { personId, template, uniqueKey });
    }

    private const string AddNotice = """
        insert into messaging.notices (id, person_id, template, facts, unique_key, created_at, shown)
        values (@id, @personId, @template, @facts, @uniqueKey, @now,
            @always or coalesce((select wanted from messaging.preferences where person_id = @personId and category = @Category and channel = 'inbox'), true))
        on conflict (person_id, template, unique_key) do nothing
        """;

    // A notice that was there already brings no second mail.
    private const string AddDelivery = """
        insert into messaging.deliveries (id, notice_id, person_id, channel, template, category, unique_key, secrets, useful_until, created_at, changed_at)
        select @id, @notice, @personId, 'email', @template, @Category, @uniqueKey, @secrets, @usefulUntil, @now, @now
        where @notice::uuid is null or exists (select 1 from messaging.notices where id = @notice)
        on conflict (person_id, template, channel, unique_key) do nothing
        """;

    private const string LockMail = """
        select d.id from messaging.deliveries d where d.person_id = @personId and d.template = @template and d.channel = 'email' and d.unique_key = @uniqueKey for update
        """;

    // Of no use from its beginning on, whatever a node's clock says; nor in a digest. A digest that has the notice's name stands for others too.
    private const string TakeBackSql = """
        update messaging.deliveries d set useful_until = d.created_at, digest_id = null
        from messaging.notices n
        where n.person_id = @personId and n.template = @template and n.unique_key = @uniqueKey and d.person_id = @personId and d.notice_id = n.id and d.state not in ('sent', 'failed')
            and not exists (select 1 from messaging.deliveries m where m.digest_id = d.id)
        """;
}
