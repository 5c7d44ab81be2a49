using System.Buffers.Text;
using System.Security.Cryptography;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Messaging.Preferences;

/// <summary>The link in a mail that switches off e-mail of its category (RFC 8058). It names the mail, not the person, and is signed: whoever reads it learns no address, and a forged one
/// does nothing. It works for 90 days, as often as it is pressed, and only ever switches off.</summary>
public static class Unsubscribe
{
    private const string Purpose = "unsubscribe";
    private const int IdLength = 16, SignatureLength = 16;
    private static readonly TimeSpan Works = TimeSpan.FromDays(90);

    private sealed record Mail(Guid PersonId, MessageCategory? Category, DateTimeOffset CreatedAt);

    /// <summary>Null when its category cannot be switched off by e-mail.</summary>
    internal static Uri? Link(Uri product, DeliveryId delivery, MessageCategory? category)
    {
        if (category is not { } name || Categories.Of(name).Locked.Contains(MessageChannel.Email)) return null;
        return new Uri(product, "/unsubscribe/" + Base64Url.EncodeToString([.. delivery.Value.ToByteArray(bigEndian: true), .. Sign(delivery)]));
    }

    /// <summary>What the link would switch off. Changes nothing: programs that look through mail open every link in it.</summary>
    public static async Task<Result<MessageCategory>> Look(Database database, string token, CancellationToken stop) =>
        Read(token) is { } delivery && Usable(await database.Find<Mail>(MailSql, new { delivery }, stop), database.Clock.GetUtcNow()) is { Category: { } category } ? category : MessagingRefusals.UnsubscribeLinkInvalid;

    /// <summary>Switches it off, for whoever holds the link.</summary>
    public static async Task<Result<MessageCategory>> Run(Transaction tx, Caller caller, string token)
    {
        if (Read(token) is not { } delivery || Usable(await tx.Find<Mail>(MailSql, new { delivery }), tx.Now) is not { Category: { } category } mail) return MessagingRefusals.UnsubscribeLinkInvalid;
        if (await tx.ChangeNow(SwitchOff, new { mail.PersonId, category, now = tx.Now }) == 1)
            await tx.Audit(caller, "notification_preferences.unsubscribed", "account", new PersonId(mail.PersonId).ToString(), after: new { category, channel = MessageChannel.Email, delivery = delivery.ToString() });
        return category;
    }

    private static Mail? Usable(Mail? mail, DateTimeOffset now) =>
        mail is { Category: { } category } && mail.CreatedAt + Works > now && !Categories.Of(category).Locked.Contains(MessageChannel.Email) ? mail : null;

    private static DeliveryId? Read(string token)
    {
        Span<byte> bytes = stackalloc byte[IdLength + SignatureLength];
        if (token.Length != 43 || !Base64Url.IsValid(token, out var length) || length != bytes.Length) return null;
        Base64Url.DecodeFromChars(token, bytes);
        var delivery = DeliveryId.From(new Guid(bytes[..IdLength], bigEndian: true));
        return CryptographicOperations.FixedTimeEquals(bytes[IdLength..], Sign(delivery)) ? delivery : null;
    }

    private static ReadOnlySpan<byte> Sign(DeliveryId delivery) => PersonKeys.Blind(Purpose, delivery.ToString()).AsSpan(0, SignatureLength);

    private const string MailSql = "select person_id, category, created_at from messaging.deliveries where id = @delivery and channel = 'email'";

    // Somebody who was erased meanwhile stays so.
    private const string SwitchOff = """
        insert into messaging.preferences as p (person_id, category, channel, wanted, changed_at)
        select person_id, @category, 'email', false, @now from messaging.recipients where person_id = @PersonId
        on conflict (person_id, category, channel) do update set wanted = false, changed_at = excluded.changed_at where p.wanted
        """;
}
