using Guildhall.Foundation.Data;

namespace Guildhall.Messaging;

/// <summary>Whom messages go to: this module's own copy of address, name, language and zone, told in the transaction that changes them.</summary>
public static class Recipients
{
    /// <summary>Writes the person's present address and preferences; the last call wins.</summary>
    /// <param name="language">BCP 47 tag; messages exist in <c>en</c> and <c>ar</c>, anything else reads English.</param>
    /// <param name="zone">IANA name of the person's time zone.</param>
    public static Task Put(Transaction tx, Guid personId, string email, string displayName, string language, string zone) =>
        tx.ChangeOne(PutSql, new { personId, email, displayName, language, zone, now = tx.Now });

    /// <summary>The number that is proven to be the person's, or none: messages go there that they want as texts.</summary>
    /// <param name="number">E.164.</param>
    public static Task PutNumber(Transaction tx, Guid personId, string? number) => tx.Change("update messaging.recipients set phone = @number where person_id = @personId", new { personId, number });

    /// <summary>The person is nobody to write to any more; what was not sent yet is not sent.</summary>
    public static Task Forget(Transaction tx, Guid personId) => tx.Change("delete from messaging.recipients where person_id = @personId", new { personId });

    private const string PutSql = """
        insert into messaging.recipients (person_id, email, display_name, language, zone, changed_at)
        values (@personId, @email, @displayName, @language, @zone, @now)
        on conflict (person_id) do update set email = excluded.email, display_name = excluded.display_name, language = excluded.language,
            zone = excluded.zone, changed_at = excluded.changed_at
        """;
}
