using Guildhall.Foundation;
using Guildhall.Foundation.Jobs;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Methods;

/// <summary>Has the gateway forget a removed method, until it says that it did. A payment that began with it is let go through first.</summary>
public sealed record ForgetMethod(SavedMethodId Method) : IJob
{
    public static string Kind => "forget_method";

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    internal static async Task Run(JobContext context, ForgetMethod job)
    {
        var method = await SavedMethods.Find(context.Database, job.Method, context.Stop);
        if (method is not { RemovedAt: not null, ForgottenAt: null }) return;
        if (await context.Database.Find<bool>(BeingCharged, new { method.Id }, context.Stop)) throw new RunAgainException(Pause);
        if (await context.Get<GatewayBook>().Of(method.Gateway).Methods.Forget(method.Id, method.Token, context.Stop) is not GatewayAnswer<Done>.Accepted) throw new RunAgainException(Pause * 10);
        await context.Database.Change("update money.saved_methods set forgotten_at = @now where id = @Id and forgotten_at is null", new { method.Id, now = context.Database.Clock.GetUtcNow() }, context.Stop);
    }

    private const string BeingCharged = "select exists (select 1 from money.payments where method_id = @Id and state in ('created', 'unknown'))";
}
