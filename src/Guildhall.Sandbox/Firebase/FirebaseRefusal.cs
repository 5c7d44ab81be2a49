using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Firebase;

/// <summary>An error as their API says it: the general status, and the messaging error among the details.</summary>
/// <param name="Code">Null: there is no messaging error.</param>
internal sealed record FirebaseRefusal(int Status, string General, string Message, string? Code = null, string? Field = null)
{
    public static readonly FirebaseRefusal NotLetIn = new(401, "UNAUTHENTICATED", "Request had invalid authentication credentials. Expected OAuth 2 access token.");
    public static readonly FirebaseRefusal NoProject = new(403, "PERMISSION_DENIED", "Permission 'cloudmessaging.messages.create' denied on resource.");
    public static readonly FirebaseRefusal Unregistered = new(404, "NOT_FOUND", "Requested entity was not found.", "UNREGISTERED");
    public static readonly FirebaseRefusal OtherSender = new(403, "PERMISSION_DENIED", "SenderId mismatch", "SENDER_ID_MISMATCH");
    public static readonly FirebaseRefusal NoToken = new(400, "INVALID_ARGUMENT", "The registration token is not a valid FCM registration token", "INVALID_ARGUMENT", "message.token");
    public static readonly FirebaseRefusal TooMany = new(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", "QUOTA_EXCEEDED");
    public static readonly FirebaseRefusal Busy = new(503, "UNAVAILABLE", "The service is currently unavailable.", "UNAVAILABLE");

    public static FirebaseRefusal Wrong(string field, string message) => new(400, "INVALID_ARGUMENT", message, "INVALID_ARGUMENT", field);

    public IResult ToHttp()
    {
        var details = new JsonArray();
        if (Code is not null) details.Add(new JsonObject { ["@type"] = "type.googleapis.com/google.firebase.fcm.v1.FcmError", ["errorCode"] = Code });
        if (Field is not null)
            details.Add(new JsonObject
            {
                ["@type"] = "type.googleapis.com/google.rpc.BadRequest", ["fieldViolations"] = new JsonArray(new JsonObject { ["field"] = Field, ["description"] = Message }),
            });
        return Results.Json(new JsonObject { ["error"] = new JsonObject { ["code"] = Status, ["message"] = Message, ["status"] = General, ["details"] = details } }, SandboxJson.Wire, statusCode: Status);
    }
}
