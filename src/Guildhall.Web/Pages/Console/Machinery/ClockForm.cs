using Guildhall.Operations;
using Guildhall.Operations.SandboxTime;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Machinery;

/// <summary>Moves the clock of the demo; outside sandbox mode the use case refuses.</summary>
internal static class ClockForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapForm("/console/system/clock", nameof(ClockForm), OperationsPermissions.HealthView, Send);

    private static async Task<IResult> Send(PostedForm form)
    {
        var moved = await form.Get<SandboxClockDoor>().Advance(form.Caller, form.Number("seconds"), form.Stop);
        return moved.Is(out var clock, out var refusal)
            ? form.Done("/console/system", clock.OutsideFollows ? "The clock was moved, and the sandbox's with it." : "The clock was moved; the sandbox did not answer and keeps its own.")
            : form.Refused("/console/system", refusal);
    }
}
