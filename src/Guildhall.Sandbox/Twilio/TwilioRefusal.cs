using System.Globalization;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Twilio;

/// <summary>An error as their API says it.</summary>
internal sealed record TwilioRefusal(int Status, int Code, string Message)
{
    public static readonly TwilioRefusal NotLetIn = new(401, 20003, "Authenticate");
    public static readonly TwilioRefusal NotFound = new(404, 20404, "The requested resource was not found");
    public static readonly TwilioRefusal TooMany = new(429, 20429, "Too Many Requests");
    public static readonly TwilioRefusal Broken = new(500, 20500, "An internal server error has occurred");

    public IResult ToHttp() => Results.Json(
        new { code = Code, message = Message, more_info = "https://www.twilio.com/docs/errors/" + Code.ToString(CultureInfo.InvariantCulture), status = Status },
        SandboxJson.Wire, statusCode: Status);
}
