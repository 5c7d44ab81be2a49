using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

internal static class Balances
{
    public static void Map(StripeApi api)
    {
        api.Get("/v1/balance", Get);
        api.Get("/v1/balance_transactions/{id}", call =>
            FindBalanceTransaction.By(call.World, call.Id) ?? throw StripeRefusal.NoSuch("balance transaction", call.Id));
    }

    private static object Get(StripeCall call)
    {
        var held = call.World.Balances.NewestFirst($"account:{call.Account}").OrderBy(b => b.Currency, StringComparer.Ordinal).ToArray();
        return new
        {
            @object = "balance",
            available = held.Select(b => new { amount = b.AvailableMinor, currency = b.Currency }),
            livemode = false,
            pending = held.Select(b => new { amount = 0L, currency = b.Currency }),
        };
    }
}
