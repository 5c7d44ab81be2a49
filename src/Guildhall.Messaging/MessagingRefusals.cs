using Guildhall.Foundation;

namespace Guildhall.Messaging;

/// <summary>Refusals of this module.</summary>
public static class MessagingRefusals
{
    public static readonly Refusal NoticeNotFound = new("notice_not_found", 404, "There is no such notice in your inbox.");
    public static readonly Refusal NoticeNotSpoken = new("notice_not_spoken", 409, "Only reminders of appointments are read out.");
    public static readonly Refusal VoiceNotConfigured = new("VOICE_NOT_CONFIGURED", 503, "This installation reads nothing out. The operator sets GUILDHALL_ELEVENLABS_KEY; everything else works.");
    public static readonly Refusal VoiceUnavailable = new("voice_unavailable", 503, "The reminder could not be read out for now. Its words are in your inbox: try again in a minute.");
    public static readonly Refusal VoiceNotMade = new("voice_not_made", 404, "Nobody has asked to hear this reminder yet.");
    public static readonly Refusal StatusNotTrusted = new("status_not_trusted", 401, "The signature does not prove that this message comes from the provider of text messages.");
    public static readonly Refusal EventsNotTrusted = new("mail_events_not_trusted", 401,
        "The signature does not prove that this comes from the mail service, or it is too old. Check the webhook key, the clock, and that nothing on the way changes the body.");
    public static readonly Refusal SubscriptionNotConfirmed = new("mail_events_subscription_not_confirmed", 503,
        "The subscription could not be confirmed where its message says. Let it be sent again; the node has to reach https://sns.REGION.amazonaws.com.");
    public static readonly Refusal SuppressionNotFound = new("suppression_not_found", 404, "This address is not on the list of addresses that nothing is sent to, or was taken off it.");
    public static readonly Refusal SuppressionReasonMissing = new("suppression_reason_missing", 400, "Say why the address comes off the list, in 3 to 500 characters.");
    public static readonly Refusal PushTokenInvalid = new("push_token_invalid", 400, "This is no registration token. Send the one that Firebase gave the app, as it is.");
    public static readonly Refusal PreferenceMandatory = new("preference_mandatory", 409, "These messages cannot be switched off there: they are about your safety, your money or your appointments, and you would not hear of it otherwise.");
    public static readonly Refusal PreferencesInvalid = new("preferences_invalid", 400, "Name each category and channel once.");
    public static readonly Refusal QuietHoursInvalid = new("quiet_hours_invalid", 400, "Quiet hours begin and end at different times of the day, written as 22:00.");
    public static readonly Refusal UnsubscribeLinkInvalid = new("unsubscribe_link_invalid", 404, "This link is not one of ours or is older than 90 days. Nothing was changed. Sign in and choose under Notifications what we write to you.");
    public static readonly Refusal DeliveryNotFound = new("delivery_not_found", 404, "There is no such message in the log.");
    public static readonly Refusal DeliveryNotRetryable = new("delivery_not_retryable", 409,
        "Only a mail or push message that surely nobody took is sent again: look at its last line. What may have arrived, what its person switched off and what is of no use any more is not.");
    public static readonly Refusal TemplateNotFound = new("template_not_found", 404, "There is no such template, or no such version of it.");
    public static readonly Refusal TemplateInvalid = new("template_invalid", 400, "Say why in 3 to 500 characters. A subject is one line; a text has at most 12000 characters.");
    public static readonly Refusal TemplateBroken = new("template_broken", 409, "This version cannot be published: it names facts that are not there, leaves out ones that have to be, or has a brace open.");
    public static readonly Refusal TemplateChangedMeanwhile = new("template_changed_meanwhile", 409, "Somebody has published another version meanwhile. Look at it, then decide again.");
    public static readonly Refusal CursorInvalid = new("inbox_cursor_invalid", 400, "The cursor is not one of ours. Start again without `after`.");
}
