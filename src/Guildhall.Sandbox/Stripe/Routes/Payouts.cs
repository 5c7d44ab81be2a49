using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

/// <summary>From an account's balance to its bank, with <c>Stripe-Account</c> for a connected one.</summary>
internal static class Payouts
{
    private const int QueueSeconds = 1;
    private const int ArrivalDays = 2;

    public static void Map(StripeApi api)
    {
        api.Post(
            "/v1/payouts", Create,
            "amount", "currency", "description", "destination", "metadata", "method", "payout_method", "source_type",
            "statement_descriptor");
        api.Get("/v1/payouts", List);
        api.Get("/v1/payouts/{id}", call => Find(call));
        api.Post("/v1/payouts/{id}/cancel", Cancel);
    }

    private static object Create(StripeCall call)
    {
        var (world, form) = (call.World, call.Form);
        var currency = Currencies.Check(form.Required("currency"));
        var amount = Currencies.CheckAmount(form.Integer("amount") ?? throw StripeRefusal.Missing("amount"), currency, "amount");
        Currencies.CheckPayout(amount, currency);
        var method = form.OneOf("method", "standard", "instant") ?? "standard";
        var metadata = form.Metadata();
        var to = call.Account.Length > 0 ? Accounts.Known(world, call.Account, "Stripe-Account") : null;
        if (to?.ExternalAccounts.Data is { Length: > 0 } banks && banks.All(bank => bank.Currency != currency))
            throw StripeRefusal.State(null, $"Sorry, you don't have any external accounts in that currency ({currency}).");
        if (MoveBalance.Of(world, call.Account, currency) < amount)
        {
            throw StripeRefusal.State(
                "balance_insufficient", "You have insufficient funds in your Stripe account for this transfer.", "amount");
        }

        var id = Ids.New("po_");
        var payout = new Payout
        {
            Id = id,
            Account = call.Account,
            Amount = amount,
            ArrivalDate = world.Now.AddDays(ArrivalDays).ToUnixTimeSeconds(),
            BalanceTransaction = FindBalanceTransaction.IdFor(id),
            Created = world.UnixNow,
            Currency = currency,
            Description = form.Text("description"),
            Destination = form.Text("destination") ?? to?.ExternalAccounts.Data.FirstOrDefault(bank => bank.Currency == currency)?.Id ?? Ids.New("ba_"),
            Fate = world.Faults.FailPayouts,
            Metadata = metadata,
            Method = method,
            StatementDescriptor = form.Text("statement_descriptor", 22),
            Status = "pending",
        };
        world.Payouts.Put(payout);
        MoveBalance.By(world, call.Account, currency, -amount);
        world.Agenda.Set(new(TimerKind.SendPayout, id, world.Now.AddSeconds(QueueSeconds).ToUnixTimeMilliseconds()));
        Emit.Event(world, "payout.created", payout, call.Account, cause: call);
        return payout;
    }

    private static object Cancel(StripeCall call)
    {
        var payout = Find(call);
        if (payout.Status != "pending")
            throw StripeRefusal.State(null, $"Payouts can only be canceled while they are pending; this one is {payout.Status}.");

        payout = payout with { Status = "canceled" };
        call.World.Payouts.Put(payout);
        call.World.Agenda.Cancel(TimerKind.SendPayout, payout.Id);
        MoveBalance.By(call.World, payout.Account, payout.Currency, payout.Amount);
        Emit.Event(call.World, "payout.canceled", payout, payout.Account, cause: call);
        return payout;
    }

    private static object List(StripeCall call)
    {
        var status = call.Form.OneOf("status", "pending", "in_transit", "paid", "failed", "canceled");
        return Page.Of(
            call.Form, "/v1/payouts", after => call.World.Payouts.NewestFirst($"account:{call.Account}", after), payout => payout.Created,
            payout => status is null || payout.Status == status);
    }

    /// <summary>A payout of another account does not exist for the caller.</summary>
    private static Payout Find(StripeCall call) =>
        call.World.Payouts.Find(call.Id) is { } payout && payout.Account == call.Account
            ? payout
            : throw StripeRefusal.NoSuch("payout", call.Id, "payout");
}
