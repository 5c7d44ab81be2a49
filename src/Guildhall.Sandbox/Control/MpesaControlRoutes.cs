using Guildhall.Sandbox.Mpesa;
using Guildhall.Sandbox.Pages;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Control;

/// <summary>What a test may look at and do in the customer's place, without a key.</summary>
internal static class MpesaControlRoutes
{
    private const int Most = 1000;

    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapGet("/mpesa/certificate", (MpesaAccount account) => Results.Text(account.Certificate));
        sandbox.MapGet("/mpesa/prompts", (World world) => Control.Json(world.Read(w => w.MpesaPrompts.NewestFirst().Take(Most).ToArray())));
        sandbox.MapGet("/mpesa/reversals", (World world) => Control.Json(world.Read(w => w.MpesaReversals.NewestFirst().Take(Most).ToArray())));
        sandbox.MapGet("/mpesa/payouts", (World world) => Control.Json(world.Read(w => w.MpesaPayouts.NewestFirst().Take(Most).ToArray())));
        sandbox.MapPost("/mpesa/payouts/{id}/{act}", async (World world, string id, string act) => await world.Change(w => MpesaPage.Act(w, id, act))
            ? Control.Json(new { done = true }) : Control.Refuse("There is no such payout, or act is not tell or reverse.", 409));
        sandbox.MapPost("/mpesa/prompts/{id}/{outcome}", async (World world, string id, string outcome) =>
            !Enum.TryParse<PromptOutcome>(outcome.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var chosen) || !Enum.IsDefined(chosen) ? Control.Refuse("outcome is pay, wrong_pin, no_money, cancel or lapse.")
            : await world.Change(w => AnswerPrompt.Run(w, id, chosen)) ? Control.Json(new { done = true }) : Control.Refuse("Nothing is asked by this name any more.", 409));
    }
}
