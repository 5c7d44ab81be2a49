using System.Text.Json.Nodes;

namespace Guildhall.Sandbox.PayPal;

/// <summary>An error answer. <c>Kept</c>: the same request id gets it again.</summary>
internal sealed class PayPalRefusal(int status, string name, string issue, string description, bool kept = false) : Exception(description)
{
    public int Status => status;
    public bool Kept => kept;

    public JsonObject Body => new()
    {
        ["name"] = name, ["message"] = Explain(name), ["debug_id"] = PayPalIds.Hex(13),
        ["details"] = new JsonArray(new JsonObject { ["issue"] = issue, ["description"] = Message }),
        ["links"] = new JsonArray(),
    };

    public static PayPalRefusal Invalid(string issue, string description) => new(400, "INVALID_REQUEST", issue, description);

    public static PayPalRefusal Cannot(string issue, string description, bool kept = false) => new(422, "UNPROCESSABLE_ENTITY", issue, description, kept);

    public static PayPalRefusal NotFound() => new(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID", "Specified resource ID does not exist. Please check the resource ID and try again.");

    private static string Explain(string name) => name switch
    {
        "INVALID_REQUEST" => "Request is not well-formed, syntactically incorrect, or violates schema.",
        "UNPROCESSABLE_ENTITY" => "The requested action could not be performed, semantically incorrect, or failed business validation.",
        "RESOURCE_NOT_FOUND" => "The specified resource does not exist.",
        _ => "Authentication failed due to invalid authentication credentials or a missing Authorization header.",
    };
}
