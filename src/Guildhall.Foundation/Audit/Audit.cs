using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Foundation.Audit;

/// <summary>Writes the audit trail: who, what, when, from where, why, before and after, in the transaction of the change itself.</summary>
public static class AuditTrail
{
    /// <summary>Adds an entry. Facts that identify a person go to <paramref name="personal"/>: they are encrypted with that person's key, so
    /// that erasing the key erases them while the chain still verifies. The caller's address and browser are personal to the caller. Who looks as
    /// somebody else is the one who acts.</summary>
    public static async Task Audit(this Transaction tx, Caller caller, string action, string subjectType, string subjectId,
        object? before = null, object? after = null, string? why = null, (Guid Person, object Facts)? personal = null)
    {
        if (caller.ImpersonatedBy is { } staff) caller = caller with { AccountId = staff };
        var where = caller is { AccountId: { } account, Address: not null } ? ((Guid Person, object Facts)?)(account, new { address = caller.Address.ToString(), caller.UserAgent }) : null;
        await tx.Change(Insert, new
        {
            at = tx.Now,
            actorKind = caller.Kind,
            actorId = caller.AccountId,
            actorName = caller.Name,
            sessionId = caller.SessionId,
            requestId = caller.RequestId,
            action,
            subjectType,
            subjectId,
            why,
            before = before is null ? (Jsonb?)null : new Jsonb(before),
            after = after is null ? (Jsonb?)null : new Jsonb(after),
            personId = personal?.Person,
            personal = personal is { } p ? await PersonKeys.Seal(tx, p.Person, p.Facts) : null,
            placeSealed = where is { } w ? await PersonKeys.Seal(tx, w.Person, w.Facts) : null,
        });
    }

    private const string Insert = """
        insert into foundation.audit (at, actor_kind, actor_id, actor_name, session_id, request_id, action, subject_type, subject_id, why, before, after, person_id, personal, place)
        values (@at, @actorKind, @actorId, @actorName, @sessionId, @requestId, @action, @subjectType, @subjectId, @why, @before, @after, @personId, @personal, @placeSealed)
        """;
}
