using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;

namespace Guildhall.Sandbox.Stripe.Effects;

internal static class MoveBalance
{
    public const string Platform = "";

    public static void By(World world, string account, string currency, long minor)
    {
        var held = Of(world, account, currency);
        world.Balances.Put(new Balance(account, currency, held + minor));
    }

    public static long Of(World world, string account, string currency) =>
        world.Balances.Find(Balance.IdOf(account, currency))?.AvailableMinor ?? 0;

    /// <summary>2.9 % and 30 minor units, whatever the currency; a stand-in for a price list.</summary>
    public static long Fee(long amount) => (amount * 29 + 500) / 1000 + 30;
}
