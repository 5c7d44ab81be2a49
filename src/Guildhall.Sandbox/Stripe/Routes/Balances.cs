using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

internal static class Balances
{
    public static void Map(StripeApi api)
    {
        api.Get("/v1/balance", Get);
        api.Get("/v1/balance_transactions", List);
        api.Get("/v1/balance_transactions/{id}", call =>
            FindBalanceTransaction.By(call.World, call.Id) ?? throw StripeRefusal.NoSuch("balance transaction", call.Id));
    }

    // Worked out from what moved the platform's balance, newest first.
    private static object List(StripeCall call)
    {
        var (type, payout) = (call.Form.Text("type"), call.Form.Text("source"));
        return Page.Of(
            call.Form, "/v1/balance_transactions", after => Behind(FindBalanceTransaction.All(call.World), after), found => found.Created,
            found => (type is null || found.Type == type) && (payout is null || found.Source == payout));
    }

    private static IEnumerable<BalanceTransaction> Behind(IEnumerable<BalanceTransaction> all, string? after) =>
        after is null ? all : all.SkipWhile(found => found.Id != after).Skip(1);

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
