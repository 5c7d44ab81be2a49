using Guildhall.Foundation;

namespace Guildhall.Operations;

/// <summary>Refusals of this module.</summary>
public static class OperationsRefusals
{
    public static readonly Refusal WhyMissing = new("why_missing", 422, "Say why you change this, in at most 500 characters. It is kept with the change.");
    public static readonly Refusal JobNotDead = new("job_not_dead", 409, "This job is not dead, or another of its kind runs in its place. There is nothing to replay.");
    public static readonly Refusal ClockStep = new("clock_step_out_of_range", 422, "The clock moves forward by 1 second to 366 days at a time.");
    public static readonly Refusal SearchTooLong = new("audit_search_invalid", 422, "A search word has at most 100 characters, and from lies before until.");
}
