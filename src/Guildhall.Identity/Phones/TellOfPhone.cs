using Guildhall.Foundation.Data;
using Guildhall.Messaging;
using Guildhall.Messaging.Sms;

namespace Guildhall.Identity.Phones;

/// <summary>Whoever had a say before hears of a change: by mail, on the number that was, and on the one that is.</summary>
internal static class TellOfPhone
{
    private static readonly Dictionary<string, string> NoFacts = new(StringComparer.Ordinal);

    public static async Task Changed(Transaction tx, Guid account, string? old, string phone)
    {
        await Recipients.PutNumber(tx, account, phone);
        if (string.Equals(old, phone, StringComparison.Ordinal)) return;
        if (old is not null) await Texts.Send(tx, account, old, "phone_taken_off", NoFacts);
        await Texts.Send(tx, account, phone, "phone_put_on", NoFacts);
        await Mail(tx, account, "phone_changed", phone);
    }

    public static async Task Removed(Transaction tx, Guid account, string old)
    {
        await Recipients.PutNumber(tx, account, null);
        await Texts.Send(tx, account, old, "phone_taken_off", NoFacts);
        await Mail(tx, account, "phone_removed", old);
    }

    private static Task Mail(Transaction tx, Guid account, string template, string phone) =>
        Notify.Person(tx, account, template, new Dictionary<string, string>(StringComparer.Ordinal) { ["phone"] = Texts.Hint(phone), ["link"] = "/account" });
}
