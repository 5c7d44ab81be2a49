using Guildhall.Foundation.Audit;
using Guildhall.Identity.Accounts;
using Guildhall.Operations.AuditLog;
using Guildhall.Web.Components.Data;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Audit;

/// <summary>Audit entries as people read them.</summary>
internal static class AuditWords
{
    /// <summary>The kinds of thing the trail speaks about.</summary>
    public static readonly IReadOnlyList<string> Subjects =
    [
        "account", "approval", "audit", "booking", "cancellation_policy", "chat", "destination", "dispute", "invoice", "job", "mask_appeal", "order", "payment", "payment_method",
        "payout_batch", "permission", "provider", "service", "session", "setting", "talk_report", "webhook_endpoint", "withdrawal",
    ];

    /// <summary><c>payment.captured</c> becomes <c>Payment captured</c>.</summary>
    public static string Action(string action) => JsonWords.Say(action.Replace('.', '_'));

    public static string Who(AuditQueries.Entry entry, IReadOnlyDictionary<Guid, AccountSummary> people) => entry switch
    {
        { ActorId: { } person } => PersonName.Of(people, person),
        { ActorKind: "gateway" } => GatewayNames.Of(entry.ActorName ?? "gateway"),
        { ActorKind: "system" } => "Guildhall",
        _ => "Somebody not signed in",
    };

    public static StateLook OutcomeLook(string outcome) =>
        outcome is "refused" ? new StateLook(new Phrase("Refused", "مرفوض"), "lock", Tone.Bad) : new StateLook(new Phrase("Failed", "فشل"), "alert", Tone.Warn);

    /// <summary>Personal parts that were opened, in one line.</summary>
    public static string? Line(AuditQueries.Entry entry) =>
        (JsonWords.Line(entry.Place), JsonWords.Line(entry.Personal)) is var (place, facts) && place is null ? facts : facts is null ? place : $"{place} · {facts}";

    /// <summary>A search as the API is asked for it.</summary>
    public static string QueryOf(SearchAudit.Query query)
    {
        (string Name, string? Value)[] parts =
        [
            ("actor", query.Actor?.ToString()), ("action", query.Action), ("subjectType", query.SubjectType), ("subjectId", query.SubjectId), ("from", query.From?.ToString("O")),
            ("until", query.Until?.ToString("O")), ("personal", query.Personal is true ? "true" : null), ("person", query.Person?.ToString()), ("address", query.Address), ("text", query.Text),
        ];
        var said = parts.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}").ToArray();
        return said.Length == 0 ? "" : "?" + string.Join('&', said);
    }

    /// <summary>The page of what an entry is about, when there is one.</summary>
    public static string? Href(string subject, string id) => subject switch
    {
        "payment" => $"/console/payments/{id}",
        "withdrawal" => $"/console/withdrawals/{id}",
        "account" when id.StartsWith("acc_", StringComparison.Ordinal) => $"/console/people/{id}",
        "booking" => $"/console/bookings/{id}",
        "setting" => $"/console/settings/{id}",
        "job" => "/console/jobs",
        "talk_report" => $"/console/talk-reports/{id}",
        "cancellation_policy" => "/console/cancellation-terms",
        _ => null,
    };

    public static TimelineEntry Entry(AuditQueries.Entry entry, IReadOnlyDictionary<Guid, AccountSummary> people) =>
        new(entry.At, Action(entry.Action), Who(entry, people), entry.Why, Icon(entry.SubjectType), ToneOf(entry.Action));

    private static string Icon(string subject) => subject switch
    {
        "payment" or "order" => "card",
        "withdrawal" or "destination" => "bank",
        "account" => "person",
        "session" => "door",
        "booking" => "calendar",
        "setting" => "settings",
        "job" => "list",
        _ => "dot",
    };

    private static Tone ToneOf(string action) => action[(action.LastIndexOf('.') + 1)..] switch
    {
        "captured" or "completed" or "approved" or "confirmed" => Tone.Good,
        "failed" or "quarantined" or "rejected" or "returned" or "suspended" => Tone.Bad,
        "refused" or "requested" or "expired" => Tone.Warn,
        _ => Tone.Neutral,
    };
}
