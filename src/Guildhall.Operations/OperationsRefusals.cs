using Guildhall.Foundation;

namespace Guildhall.Operations;

/// <summary>Refusals of this module.</summary>
public static class OperationsRefusals
{
    public static readonly Refusal WhyMissing = new("why_missing", 422, "Say why you change this, in at most 500 characters. It is kept with the change.");
    public static readonly Refusal JobNotDead = new("job_not_dead", 409, "This job is not dead, or another of its kind runs in its place. There is nothing to replay.");
    public static readonly Refusal ClockStep = new("clock_step_out_of_range", 422, "The clock moves forward by 1 second to 366 days at a time.");
    public static readonly Refusal IntegrationNotFound = new("integration_not_found", 404, "There is no integration of this name that can be tested. The status lists those that there are.");
    public static readonly Refusal TestNeedsPhone = new("test_needs_own_phone", 409, "A test goes to your own phone. Confirm a number in your security settings first.");
    public static readonly Refusal SearchTooLong = new("audit_search_invalid", 422, "A search word has at most 100 characters, a text at least 3, an address only digits, letters, dots and colons; and from lies before until.");

    public static readonly Refusal SearchTextLength = new("search_text_length", 422, "Search for 2 to 100 characters.");

    // saved filters
    public static readonly Refusal FilterNotFound = new("saved_filter_not_found", 404, "There is no such saved filter of yours.");
    public static readonly Refusal FilterListUnknown = new("saved_filter_list_unknown", 422, "Filters are saved for payments, withdrawals, bookings, people, deliveries and audit.");
    public static readonly Refusal FilterNameInvalid = new("saved_filter_name_invalid", 422, "A filter has a name of 1 to 60 characters.");
    public static readonly Refusal FilterParameterUnknown = new("saved_filter_parameter_unknown", 422, "The parameter named here cannot be saved with this list.");
    public static readonly Refusal FilterValueInvalid = new("saved_filter_value_invalid", 422, "Each parameter stands once, with at most 100 characters.");
    public static readonly Refusal FilterEmpty = new("saved_filter_empty", 422, "This filter narrows nothing. Choose something first.");
    public static readonly Refusal FiltersFull = new("saved_filters_full", 409, "You have 20 saved filters, which is the most. Remove one first.");

    public static readonly Refusal MetricsToken = new("metrics_token", 401, "These figures are read with the bearer token of the settings.");

    // webhooks
    public static readonly Refusal WebhookEndpointNotFound = new("webhook_endpoint_not_found", 404, "There is no such webhook endpoint.");
    public static readonly Refusal WebhookMessageNotFound = new("webhook_message_not_found", 404, "There is no such message for this endpoint.");
    public static readonly Refusal WebhookUrlNotAllowed = new("webhook_url_not_allowed", 422, "This address cannot be used for webhooks.");
    public static readonly Refusal WebhookEventUnknown = new("webhook_event_unknown", 422, "There is no event of the name given here.");
    public static readonly Refusal WebhookDescriptionTooLong = new("webhook_description_too_long", 422, "A description has at most 200 characters.");
    public static readonly Refusal WebhookEndpointsFull = new("webhook_endpoints_full", 422, "There are 50 endpoints, which is the most. Remove one first.");
    public static readonly Refusal WebhookEndpointChanged = new("webhook_endpoint_changed", 409, "This endpoint changed after you had opened it. Look at it again.");
    public static readonly Refusal WebhookEndpointDisabled = new("webhook_endpoint_disabled", 409, "This endpoint is disabled. Enable it first.");
    public static readonly Refusal WebhookRangeInvalid = new("webhook_range_invalid", 422, "The range must begin before it ends.");
}
