using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Mpesa;

/// <summary>A fault as Daraja says it.</summary>
internal sealed class MpesaFault(int status, string code, string message) : Exception(message)
{
    public static MpesaFault Bad(string what) => new(400, "400.002.02", $"Bad Request - Invalid {what}");

    public IResult ToHttp() => Results.Json(
        new Dictionary<string, string> { ["requestId"] = Guid.NewGuid().ToString("n")[..12], ["errorCode"] = code, ["errorMessage"] = Message }, SandboxJson.Wire, statusCode: status);
}
