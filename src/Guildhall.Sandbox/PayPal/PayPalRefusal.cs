using System.Text.Json.Nodes;

namespace Guildhall.Sandbox.PayPal;

/// <summary>An error answer. <c>Kept</c>: the same request id gets it again.</summary>
internal sealed class PayPalRefusal(int status, string name, string issue, string description, bool kept = false, JsonObject? detail = null) : Exception(description)
{
    public int Status => status;
    public bool Kept => kept;

    public JsonObject Body => new()
    {
        ["name"] = name, ["message"] = Explain(name), ["debug_id"] = PayPalIds.Hex(13),
        ["details"] = new JsonArray(detail?.DeepClone() ?? new JsonObject { ["issue"] = issue, ["description"] = Message }),
        ["links"] = new JsonArray(),
    };

    public static PayPalRefusal Invalid(string issue, string description) => new(400, "INVALID_REQUEST", issue, description);

    public static PayPalRefusal Cannot(string issue, string description, bool kept = false) => new(422, "UNPROCESSABLE_ENTITY", issue, description, kept);

    /// <summary>Payouts say it so: the link to the first batch stands in the detail.</summary>
    public static PayPalRefusal Repeated(string first) => new(400, "USER_BUSINESS_ERROR", "", "", detail: new JsonObject
    {
        ["field"] = "SENDER_BATCH_ID", ["location"] = "body", ["issue"] = "Batch with given sender_batch_id already exists",
        ["link"] = new JsonArray(new JsonObject { ["href"] = first, ["rel"] = "self", ["method"] = "GET", ["encType"] = "application/json" }),
    });

    public static PayPalRefusal NotFound() => new(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID", "Specified resource ID does not exist. Please check the resource ID and try again.");

    private static string Explain(string name) => name switch
    {
        "INVALID_REQUEST" => "Request is not well-formed, syntactically incorrect, or violates schema.",
        "UNPROCESSABLE_ENTITY" => "The requested action could not be performed, semantically incorrect, or failed business validation.",
        "USER_BUSINESS_ERROR" => "User business error.",
        "VALIDATION_ERROR" => "Invalid request - see details",
        "INSUFFICIENT_FUNDS" => "Sender does not have sufficient funds. Please add funds and retry.",
        "RESOURCE_NOT_FOUND" => "The specified resource does not exist.",
        _ => "Authentication failed due to invalid authentication credentials or a missing Authorization header.",
    };
}
