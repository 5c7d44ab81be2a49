using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;

namespace Guildhall.Messaging.Sms;

/// <summary>Sends a text message to a number that the caller names: codes go to numbers that are nobody's yet, warnings to numbers that were somebody's.
/// Decided in the caller's transaction, sent after it. What people are told about their affairs goes through <see cref="Notify"/>.</summary>
public static class Texts
{
    private const int MaxFact = 200;

    /// <summary>The text of a notice whose person wants its kind as a text message.</summary>
    internal const string Notice = "notice";

    /// <summary>Writes the delivery and its job. Number and facts are sealed with the person's key and forgotten as soon as the message is out, refused or of unknown
    /// fate. Throws <see cref="ArgumentException"/> for an unknown template, a missing fact or one over 200 characters.</summary>
    /// <param name="personId">Whose message it is; their language is used.</param>
    /// <param name="number">E.164, such as <c>+96550000001</c>.</param>
    /// <param name="template">A template of <c>Sms/TextBook.cs</c>.</param>
    /// <param name="facts">What its words need.</param>
    /// <param name="usefulUntil">Not sent after this moment: a code that has run out helps nobody.</param>
    public static async Task Send(Transaction tx, Guid personId, string number, string template, IReadOnlyDictionary<string, string> facts, DateTimeOffset? usefulUntil = null)
    {
        var known = TextBook.Get(template);
        if (known.Facts.FirstOrDefault(f => !facts.ContainsKey(f)) is { } missing) throw new ArgumentException($"Text {template} needs the fact {missing}.", nameof(facts));
        if (facts.Any(f => f.Value.Length > MaxFact)) throw new ArgumentException("A fact is too long for a text message.", nameof(facts));

        var id = tx.NewId<DeliveryId>();
        var secrets = await PersonKeys.Seal(tx, personId, new SealedText(number, facts.ToDictionary(StringComparer.Ordinal)));
        await tx.ChangeOne(Add, new { id, personId, template, secrets, hint = Hint(number), usefulUntil, now = tx.Now });
        await tx.Enqueue(new SendText(id));
    }

    /// <summary>The end of a number: enough to recognise one's own, too little to call it. The only form in logs, audit and lists.</summary>
    public static string Hint(string number) => "…" + number[^3..];

    private const string Add = """
        insert into messaging.deliveries (id, person_id, channel, template, category, secrets, to_hint, useful_until, created_at, changed_at)
        values (@id, @personId, 'sms', @template, 'security', @secrets, @hint, @usefulUntil, @now, @now)
        """;
}

/// <summary>What a text message needs and nobody else may read.</summary>
internal sealed record SealedText(string To, Dictionary<string, string> Facts);
