namespace Guildhall.Messaging.Preferences;

/// <summary>Kinds of messages that people decide about together.</summary>
public enum MessageCategory
{
    /// <summary>Signing in, passwords, factors, where money goes.</summary>
    Security,

    /// <summary>Payments, refunds, invoices, receipts, payouts, disputes.</summary>
    Payments,

    /// <summary>The account itself: invitations, copies of data, erasure, applications.</summary>
    Account,

    /// <summary>Appointments: booked, moved, cancelled, over.</summary>
    Bookings,

    /// <summary>What other people write.</summary>
    Messages,

    /// <summary>What waits for staff.</summary>
    Work,
}

/// <summary>Ways to a person.</summary>
public enum MessageChannel { Inbox, Email, Push, Sms }

/// <summary>What holds for one category.</summary>
/// <param name="Locked">Channels that cannot be switched off.</param>
/// <param name="IsUrgent">Waits for no quiet hours.</param>
/// <param name="Few">So many messages in a quarter of an hour go out one by one, what comes after them in one digest; null: always one by one.</param>
internal sealed record Category(MessageCategory Name, IReadOnlySet<MessageChannel> Locked, bool IsUrgent = false, int? Few = null)
{
    public bool IsMandatory => Locked.Contains(MessageChannel.Email);

    /// <summary>What holds for who has decided nothing: everything but text messages, which cost something and are asked for.</summary>
    public bool Default(MessageChannel channel) => channel is not MessageChannel.Sms || Locked.Contains(channel);
}

/// <summary>The categories of the product; each template names its own.</summary>
internal static class Categories
{
    // Codes and warnings about the number itself go there whatever is chosen; notices of this kind never do.
    private static readonly HashSet<MessageChannel> Everything = [.. Enum.GetValues<MessageChannel>()], Mandatory = [MessageChannel.Inbox, MessageChannel.Email], OnlyInbox = [MessageChannel.Inbox], Nothing = [];

    public static IReadOnlyList<Category> All { get; } =
    [
        new(MessageCategory.Security, Everything, IsUrgent: true),
        new(MessageCategory.Payments, Mandatory),
        new(MessageCategory.Account, Mandatory),
        new(MessageCategory.Bookings, OnlyInbox, Few: 5),
        new(MessageCategory.Messages, Nothing, Few: 5),
        new(MessageCategory.Work, Mandatory, Few: 2),
    ];

    public static Category Of(MessageCategory name) => All.First(c => c.Name == name);
}
