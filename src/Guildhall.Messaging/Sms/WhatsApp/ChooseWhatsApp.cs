using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;
using Guildhall.Messaging.Delivery;

namespace Guildhall.Messaging.Sms.WhatsApp;

/// <summary>Decides whether a text goes by WhatsApp: the setting names it, its template is approved in the person's language, and the last one to this number arrived there. Who
/// has no WhatsApp gets the next one as a text message.</summary>
internal static class ChooseWhatsApp
{
    /// <summary>The channel's name in the log, and in the status.</summary>
    public const string Called = "whatsapp";

    /// <summary>Which texts go there.</summary>
    public static readonly Setting<string[]> Texts = new("messaging.whatsapp_texts", "Texts that go by WhatsApp where it is set up and reaches the person, by name; none: all go as text messages", "names",
        [], names => names.All(n => WhatsAppOptions.Texts.Contains(n, StringComparer.Ordinal)) ? null : $"The texts there are: {string.Join(", ", WhatsAppOptions.Texts)}.");

    private sealed record Last(DeliveryState State, DateTimeOffset? DeliveredAt);

    /// <param name="refused">A try by WhatsApp that was surely not taken.</param>
    public static async Task<string?> Run(Transaction tx, WhatsAppOptions? options, DeliveryId delivery, Guid person, string toHint, string template, string? language, bool refused)
    {
        if (options?.Content(template, language) is not { } content || refused) return null;
        if (!(await tx.Setting(Texts)).Contains(template, StringComparer.Ordinal)) return null;
        var last = await tx.Find<Last>(LastSql, new { delivery, person, toHint });
        return last is null or { State: DeliveryState.Sent, DeliveredAt: not null } ? content : null;
    }

    private const string LastSql = """
        select state, delivered_at from messaging.deliveries
        where person_id = @person and channel = 'sms' and sender = 'whatsapp' and to_hint = @toHint and id <> @delivery order by created_at desc limit 1
        """;
}
