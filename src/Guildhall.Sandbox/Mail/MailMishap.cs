using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Mail;

/// <summary>What goes wrong with the next mail that a company with an API is asked to carry. The mail server has no such knobs: it is a real one.</summary>
internal enum MailMishap { None, TooMany, Broken, Garbage, LostBefore }

internal static class MailMishaps
{
    /// <summary>The next one, counted down.</summary>
    public static MailMishap Take(World world)
    {
        var faults = world.Faults;
        var (mishap, left) = faults switch
        {
            { MailTooMany: > 0 } => (MailMishap.TooMany, faults with { MailTooMany = faults.MailTooMany - 1 }),
            { MailBroken: > 0 } => (MailMishap.Broken, faults with { MailBroken = faults.MailBroken - 1 }),
            { MailGarbage: > 0 } => (MailMishap.Garbage, faults with { MailGarbage = faults.MailGarbage - 1 }),
            { MailLostBefore: > 0 } => (MailMishap.LostBefore, faults with { MailLostBefore = faults.MailLostBefore - 1 }),
            _ => (MailMishap.None, faults),
        };
        if (mishap is not MailMishap.None) world.FaultSettings.Put(left);
        return mishap;
    }

    /// <summary>Whether the mail that was just taken comes back.</summary>
    public static bool TakeBounce(World world)
    {
        if (world.Faults.MailBounces is not (> 0 and var count)) return false;
        world.FaultSettings.Put(world.Faults with { MailBounces = count - 1 });
        return true;
    }

    /// <summary>What a machine that is not theirs might say.</summary>
    public static IResult Garbage() => Results.Text("<html><body>Please wait while we check your browser.</body></html>", "text/html");
}
