using Guildhall.Sandbox.Mpesa;
using Guildhall.Sandbox.PayPal;
using Guildhall.Sandbox.State;
using Timer = Guildhall.Sandbox.State.Timer;

namespace Guildhall.Sandbox.Stripe.Effects;

/// <summary>Does what has come due on the sandbox clock, a bounded batch per change.</summary>
internal sealed class RunTimers(World world) : BackgroundService
{
    private const int Batch = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                if (await world.Change(RunDue) < Batch) await Task.Delay(Pause, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    internal static int RunDue(World world)
    {
        var done = 0;
        while (done < Batch && world.Agenda.TakeDue(world.Now) is { } timer)
        {
            Run(world, timer);
            done++;
        }

        return done;
    }

    private static void Run(World world, Timer timer)
    {
        switch (timer.Kind)
        {
            case TimerKind.ExpireSession when world.Sessions.Find(timer.Target) is { IsOpen: true } session:
                ExpireSession.Run(world, session);
                break;
            case TimerKind.CancelUncaptured when world.Intents.Find(timer.Target) is { Status: "requires_capture" } intent:
                CancelIntent.Run(world, intent, "automatic");
                break;
            case TimerKind.SettleLate:
                SettleLate.Run(world, timer.Target, succeeds: true);
                break;
            case TimerKind.SendPayout:
                AdvancePayout.Send(world, timer.Target);
                break;
            case TimerKind.ArrivePayout:
                AdvancePayout.Arrive(world, timer.Target);
                break;
            case TimerKind.ReturnPayout:
                AdvancePayout.Return(world, timer.Target);
                break;
            case TimerKind.LapsePrompt:
                AnswerPrompt.Run(world, timer.Target, PromptOutcome.Lapse);
                break;
            case TimerKind.SettlePayPalLate:
                PayPalLater.SettleNow(world, timer.Target);
                break;
            case TimerKind.FailPayPalRefund:
                PayPalLater.FailNow(world, timer.Target);
                break;
            case TimerKind.MovePayPalPayout:
                PayPalPayoutLater.Due(world, timer.Target);
                break;
            case TimerKind.FailRefund:
                FailRefund.Run(world, timer.Target);
                break;
        }
    }
}
