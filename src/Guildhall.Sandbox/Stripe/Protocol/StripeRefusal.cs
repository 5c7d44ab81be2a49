namespace Guildhall.Sandbox.Stripe.Protocol;

/// <summary>
/// The documented error body. <paramref name="pinned"/> says whether the idempotency layer keeps it: what was refused before anything
/// was looked at (a missing or malformed parameter, an unknown object) is not kept, so the same key may be used again.
/// </summary>
internal sealed class StripeRefusal(int status, string type, string? code, string message, string? param = null, bool pinned = false)
    : Exception(message)
{
    public int Status => status;
    public bool Pinned => pinned;
    public object? PaymentIntent { get; init; }
    public string? DeclineCode { get; init; }

    public object Body => new { error = new Error(type, code, DeclineCode, Message, param, PaymentIntent) };

    public static StripeRefusal Invalid(string message, string? param, string? code = null) =>
        new(400, "invalid_request_error", code, message, param);

    public static StripeRefusal Missing(string param) => Invalid($"Missing required param: {param}.", param, "parameter_missing");

    public static StripeRefusal NoSuch(string kind, string id, string param = "id", int status = 404) =>
        new(status, "invalid_request_error", "resource_missing", $"No such {kind}: '{id}'", param);

    /// <summary>The object is known but not in a state that allows the act.</summary>
    public static StripeRefusal State(string? code, string message, string? param = null, object? intent = null) =>
        new(400, "invalid_request_error", code, message, param, pinned: true) { PaymentIntent = intent };

    private sealed record Error(string Type, string? Code, string? DeclineCode, string Message, string? Param, object? PaymentIntent)
    {
        public string? DocUrl => Code is null ? null : $"https://stripe.com/docs/error-codes/{Code.Replace('_', '-')}";
    }
}
