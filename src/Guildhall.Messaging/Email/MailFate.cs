using Guildhall.Foundation.Data;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Suppressions;

namespace Guildhall.Messaging.Email;

/// <summary>What a sender says about a message after it was handed over.</summary>
internal enum Fate
{
    /// <summary>It has it: settles a lost answer.</summary>
    Taken,

    /// <summary>The recipient's server took it.</summary>
    Delivered,

    /// <summary>The recipient's server will not take it.</summary>
    Bounced,

    /// <summary>The sender did not try: its own list says not to.</summary>
    Dropped,

    /// <summary>The recipient called it unwanted.</summary>
    Complained,
}

/// <summary>Takes such a word. They come in any order, late and more than once: what was not delivered in the end outweighs everything, and a repeat changes nothing.</summary>
internal static class MailFate
{
    private sealed record Known(DeliveryId Id, DeliveryState State, int Attempts, string? Reason);

    /// <param name="delivery">Our id, when the message carries it.</param>
    /// <param name="reference">The sender's own id.</param>
    /// <param name="blame">Not null: nothing more is to be sent to the address.</param>
    public static async Task Take(Transaction tx, string sender, DeliveryId? delivery, string? reference, Fate fate, string said, Blame? blame)
    {
        var known = await tx.Find<Known>(FindSql, new { sender, delivery, reference });
        if (known is not { State: DeliveryState.Sending or DeliveryState.Unknown or DeliveryState.Sent }) return;
        switch (fate)
        {
            case Fate.Bounced or Fate.Dropped:
                await Become(tx, known, sender, DeliveryState.Failed, fate is Fate.Bounced ? DeliveryReasons.Bounced : DeliveryReasons.Dropped, said, reference);
                if (blame is not null) await SuppressionList.Put(tx, known.Id, SuppressionList.Email, sender, blame);
                return;
            case Fate.Complained when known is { State: DeliveryState.Sent, Reason: null }:
                await Become(tx, known, sender, DeliveryState.Sent, DeliveryReasons.Complained, said, reference);
                if (blame is not null) await SuppressionList.Put(tx, known.Id, SuppressionList.Email, sender, blame);
                return;
            case Fate.Taken or Fate.Delivered when known.State is not DeliveryState.Sent:
                await Become(tx, known, sender, DeliveryState.Sent, null, said, reference);
                break;
        }
        if (fate is Fate.Delivered)
            await tx.Change("update messaging.deliveries set delivered_at = @now where id = @id and state = 'sent' and delivered_at is null", new { known.Id, now = tx.Now });
    }

    private static async Task Become(Transaction tx, Known known, string sender, DeliveryState to, string? reason, string said, string? reference)
    {
        await tx.ChangeOne(BecomeSql, new { known.Id, was = known.State, to, reason, reference, now = tx.Now });
        await DeliveryLog.Add(tx, known.Id, known.Attempts, to, reason, said, sender);
    }

    private const string FindSql = """
        select id, state, attempts, reason from messaging.deliveries
        where channel = 'email' and sender = @sender and (id = @delivery or provider_ref = @reference) limit 1 for update
        """;

    private const string BecomeSql = """
        update messaging.deliveries set state = @to, reason = @reason, changed_at = @now, sent_at = case when @to = 'sent' then coalesce(sent_at, @now) end,
            delivered_at = case when @to = 'sent' then delivered_at end, provider_ref = coalesce(provider_ref, @reference), secrets = null
        where id = @id and state = @was
        """;
}
