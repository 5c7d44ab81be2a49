using Guildhall.Foundation;

namespace Guildhall.Messaging;

/// <summary>Refusals of this module.</summary>
public static class MessagingRefusals
{
    public static readonly Refusal NoticeNotFound = new("notice_not_found", 404, "There is no such notice in your inbox.");
    public static readonly Refusal StatusNotTrusted = new("status_not_trusted", 401, "The signature does not prove that this message comes from the provider of text messages.");
    public static readonly Refusal EventsNotTrusted = new("mail_events_not_trusted", 401,
        "The signature does not prove that this comes from the mail service, or it is too old. Check the webhook key, the clock, and that nothing on the way changes the body.");
    public static readonly Refusal SubscriptionNotConfirmed = new("mail_events_subscription_not_confirmed", 503,
        "The subscription could not be confirmed where its message says. Let it be sent again; the node has to reach https://sns.REGION.amazonaws.com.");
    public static readonly Refusal SuppressionNotFound = new("suppression_not_found", 404, "This address is not on the list of addresses that nothing is sent to, or was taken off it.");
    public static readonly Refusal SuppressionReasonMissing = new("suppression_reason_missing", 400, "Say why the address comes off the list, in 3 to 500 characters.");
    public static readonly Refusal PushTokenInvalid = new("push_token_invalid", 400, "This is no registration token. Send the one that Firebase gave the app, as it is.");
    public static readonly Refusal CursorInvalid = new("inbox_cursor_invalid", 400, "The cursor is not one of ours. Start again without `after`.");
}
