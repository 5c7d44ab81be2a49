using System.Text.RegularExpressions;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

/// <summary>Connected accounts, ready at once: onboarding is not simulated.</summary>
internal static partial class Accounts
{
    public static void Map(StripeApi api)
    {
        api.Post(
            "/v1/accounts", Create,
            "business_profile", "business_type", "capabilities", "company", "controller", "country", "default_currency", "email",
            "external_account", "individual", "metadata", "settings", "tos_acceptance", "type");
        api.Get("/v1/accounts/{id}", call => Find(call.World, call.Id) ?? throw StripeRefusal.NoSuch("account", call.Id, "account"));
    }

    /// <summary>Any well-formed <c>acct_…</c> exists from its first use, so that seeded providers need no onboarding.</summary>
    public static Account Known(World world, string id, string param)
    {
        var account = Find(world, id) ?? throw StripeRefusal.NoSuch("destination", id, param, 400);
        if (world.Accounts.Find(id) is null) world.Accounts.Put(account);
        return account;
    }

    private static Account? Find(World world, string id) =>
        world.Accounts.Find(id) ?? (WellFormed().IsMatch(id) ? new Account { Id = id, Created = world.UnixNow } : null);

    private static object Create(StripeCall call)
    {
        var id = Ids.New("acct_", 16);
        var bank = ReadBankAccount.From(call.Form, id);
        var account = new Account
        {
            Id = id,
            Country = call.Form.Text("country") ?? "US",
            Created = call.World.UnixNow,
            DefaultCurrency = call.Form.Text("default_currency") ?? "usd",
            Email = call.Form.Text("email"),
            ExternalAccounts = new(bank is null ? [] : [bank]),
            Metadata = call.Form.Metadata(),
            Type = call.Form.OneOf("type", "express", "standard", "custom") ?? "express",
        };
        call.World.Accounts.Put(account);
        return account;
    }

    [GeneratedRegex("^acct_[A-Za-z0-9_]{3,60}$", RegexOptions.None, 200)]
    private static partial Regex WellFormed();
}
