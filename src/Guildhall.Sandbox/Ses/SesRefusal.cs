using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Ses;

/// <summary>An error as their API says it: the name in a header, the sentence in the body.</summary>
internal sealed record SesRefusal(int Status, string Type, string Message)
{
    public static readonly SesRefusal Unsigned = new(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
    public static readonly SesRefusal UnknownKey = new(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
    public static readonly SesRefusal WrongSignature = new(403, "InvalidSignatureException", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.");
    public static readonly SesRefusal OutOfTime = new(403, "InvalidSignatureException", "Signature expired.");
    public static readonly SesRefusal TooMany = new(429, "TooManyRequestsException", "Maximum sending rate exceeded.");
    public static readonly SesRefusal Malformed = new(400, "SerializationException", "The request is not as the API describes it.");

    public static SesRefusal Bad(string message) => new(400, "BadRequestException", message);

    public IResult ToHttp(HttpContext http)
    {
        http.Response.Headers["x-amzn-ErrorType"] = Type;
        return Results.Json(new { message = Message }, SandboxJson.Wire, statusCode: Status);
    }
}
