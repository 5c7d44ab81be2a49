using Guildhall.Foundation.Jobs;
using Microsoft.AspNetCore.Builder;

namespace Guildhall.Tests.Operations;

/// <summary>Everybody who acts here is staff with the permissions of operations, and no other.</summary>
public class OperationsWorld : ActingWorld
{
    protected override bool HasSandbox => false;

    protected override IReadOnlySet<string> Granted { get; } =
        new HashSet<string>(["settings.change", "audit.view", "audit.personal", "audit.export", "job.replay", "dashboard.view", "health.view"], StringComparer.Ordinal);

    /// <summary>Jobs of the kind <see cref="Stumble"/> fail while this is true.</summary>
    public bool Stumbles { get; set; } = true;

    public int Ran;

    protected override void Adjust(WebApplicationBuilder builder, int node)
    {
        base.Adjust(builder, node);
        builder.Services.AddOutsideJob<Stumble>((_, _) =>
        {
            if (Stumbles) throw new InvalidOperationException("stumbled");
            Interlocked.Increment(ref Ran);
            return Task.CompletedTask;
        }, maxAttempts: 1);
    }
}

internal sealed record Stumble(string Over) : IJob
{
    public static string Kind => "stumble";
}

/// <summary>Staff who may search the audit trail but not open what is personal.</summary>
public sealed class AuditorWorld : OperationsWorld
{
    protected override IReadOnlySet<string> Granted { get; } = new HashSet<string>(["audit.view"], StringComparer.Ordinal);
}
