using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.SendGrid;

/// <summary>An error as their API says it.</summary>
internal sealed record SendGridRefusal(int Status, string Message, string? Field = null)
{
    public static readonly SendGridRefusal NotLetIn = new(401, "The provided authorization grant is invalid, expired, or revoked");
    public static readonly SendGridRefusal TooMany = new(429, "too many requests");

    public IResult ToHttp() => Results.Json(new { errors = new[] { new { message = Message, field = Field, help = (string?)null } } }, SandboxJson.Wire, statusCode: Status);
}
