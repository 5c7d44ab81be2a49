using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Control;

internal static class Control
{
    public static IResult Json(object? value) => Results.Json(value, SandboxJson.Control);

    public static IResult Refuse(string why, int status = 400) =>
        Results.Json(new { error = why }, SandboxJson.Control, statusCode: status);
}
