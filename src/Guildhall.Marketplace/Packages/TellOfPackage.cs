using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Identity.Accounts;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Packages;

/// <summary>What both sides are told of a package.</summary>
internal static class TellOfPackage
{
    public static async Task Bought(Transaction tx, PackageSale sale, Amount paid, DateTimeOffset validUntil)
    {
        var (customer, provider) = await Accounts.Summaries(tx, sale.CustomerId, sale.ProviderAccountId);
        await Notify.Person(tx, customer.Id, "package_bought_customer", Words(sale, customer, paid, validUntil, $"/my/packages/{sale.Id}"), uniqueKey: sale.Id.ToString());
        await Notify.Person(tx, provider.Id, "package_bought_provider", Words(sale, provider, paid, validUntil, "/desk/packages"), uniqueKey: sale.Id.ToString());
    }

    public static async Task Closed(Transaction tx, PackageSale sale, PackageClosedBy by, Amount refund)
    {
        var customer = await Accounts.Summary(tx, sale.CustomerId);
        await Notify.Person(tx, customer.Id, by == PackageClosedBy.Expired ? "package_expired" : "package_given_up", Words(sale, customer, refund, tx.Now, $"/my/packages/{sale.Id}"), uniqueKey: sale.Id.ToString());
    }

    public static Task Repaid(Transaction tx, PackageSale sale, Amount refund) => Notify.Person(tx, sale.CustomerId, "refund_completed", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["service"] = sale.Name, ["amount"] = refund.ToString(), ["link"] = $"/my/packages/{sale.Id}",
    });

    private static Dictionary<string, string> Words(PackageSale sale, AccountSummary person, Amount amount, DateTimeOffset until, string link) => new(StringComparer.Ordinal)
    {
        ["service"] = sale.Name, ["sessions"] = sale.Sessions.ToString(System.Globalization.CultureInfo.InvariantCulture), ["amount"] = amount.ToString(), ["until"] = Say.When(until, person.Zone), ["link"] = link,
    };
}
