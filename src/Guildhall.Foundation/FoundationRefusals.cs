namespace Guildhall.Foundation;

/// <summary>Refusals that any route may answer with.</summary>
public static class FoundationRefusals
{
    public static readonly Refusal NotFound = new("not_found", 404, "There is nothing here that you may see. Check the address.");
    public static readonly Refusal SignInFirst = new("sign_in_required", 401, "Sign in first, then repeat the request.");
    public static readonly Refusal NotAllowed = new("not_allowed", 403, "Your account may not do this. Ask an administrator for the permission named here.");
    public static readonly Refusal StepUpRequired = new("step_up_required", 403, "This needs a fresh proof that it is you. Start one with POST /api/v1/auth/step-ups, then repeat the request.");
    public static readonly Refusal SecondFactorNeeded = new("second_factor_needed", 403, "Your role needs a second factor. Set one up under Account, Security; everything else opens with it.");
    public static readonly Refusal OnlyLooking = new("only_looking", 403, "You look at the product as somebody else. Nothing can be changed until you stop.");
    public static readonly Refusal InvalidBody = new("invalid_body", 400, "The body could not be read. Correct the field named here.");
    public static readonly Refusal ServerDecides = new("server_decides", 422, "This field is decided by the server and cannot be sent. Remove it.");
    public static readonly Refusal InvalidInput = new("invalid_input", 422, "Some fields need correcting; each is named here.");
    public static readonly Refusal BulkRows = new("bulk_rows_invalid", 422, "Choose 1 to 100 rows, each of them once.");
    public static readonly Refusal BodyTooLarge = new("body_too_large", 413, "The body is larger than this route takes. Send less.");
    public static readonly Refusal UnsupportedMediaType = new("unsupported_media_type", 415, "Send application/json.");
    public static readonly Refusal MethodNotAllowed = new("method_not_allowed", 405, "This address does not take that method.");
    public static readonly Refusal GivenTwice = new("given_twice", 400, "One name stands twice in this request, and the two could mean different things. Send it once.");
    public static readonly Refusal WrongHost = new("wrong_host", 421, "This server does not answer for that host. Use the product's own address.");
    public static readonly Refusal HttpsRequired = new("https_required", 403, "This request came unencrypted and was not read. Use https, and renew the token that was in it.");
    public static readonly Refusal RateLimited = new("RATE_LIMITED", 429, "Too many requests. Wait as long as Retry-After says, then try again.");
    public static readonly Refusal QuotaUsedUp = new("quota_used_up", 429, "The quota named here is used up for this period. It begins anew at the time given.");
    public static readonly Refusal TryAgain = new("try_again", 503, "The request met another at the same moment and was undone. Try again.") { RetryAfterSeconds = 1 };
    public static readonly Refusal Unavailable = new("unavailable", 503, "The database does not answer. Try again shortly; a repeated Idempotency-Key does nothing twice.") { RetryAfterSeconds = 5 };
    public static readonly Refusal TimedOut = new("timed_out", 504, "The request took longer than its limit. Try again; a repeated Idempotency-Key does nothing twice.");
    public static readonly Refusal Bug = new("internal_error", 500, "Something is wrong on our side. It was recorded under the request id given here.");
    public static readonly Refusal IdempotencyKeyMissing = new("idempotency_key_missing", 400, "Send an Idempotency-Key header (1 to 200 visible characters), a new one for each intent.");
    public static readonly Refusal IdempotencyKeyReused = new("idempotency_key_reused", 422, "This Idempotency-Key was used with another body. Use a new key for a new intent.");
    public static readonly Refusal IdempotencyInProgress = new("idempotency_in_progress", 409, "The first request with this Idempotency-Key still runs. Repeat it shortly.") { RetryAfterSeconds = 1 };
    public static readonly Refusal AntiforgeryFailed = new("antiforgery_failed", 403, "This form is too old or came from another site. Open the page again and resend it.");
    public static readonly Refusal SettingInvalid = new("setting_invalid", 422, "This setting does not take that value.");
    public static readonly Refusal SettingChangedMeanwhile = new("setting_changed_meanwhile", 409, "Somebody changed this setting after you had opened it. Look at it again.");
    public static readonly Refusal SettingUnknown = new("setting_unknown", 404, "There is no setting of that name.");
    public static readonly Refusal StreamTopicUnknown = new("stream_topic_unknown", 404, "There is no such topic that you may follow. Name topics as name or name:argument, at most 20.");
    public static readonly Refusal TooManyStreams = new("too_many_streams", 429, "This session has six streams open. Close one, or put more topics into one stream.") { RetryAfterSeconds = 5 };
}
