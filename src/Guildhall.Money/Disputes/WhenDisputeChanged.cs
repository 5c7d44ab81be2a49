using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Identity.Accounts;
using Guildhall.Messaging;

namespace Guildhall.Money.Disputes;

/// <summary>Tells the provider and those of the staff who may answer.</summary>
internal static class WhenDisputeChanged
{
    public static async Task Tell(Transaction tx, DisputeChanged fact)
    {
        var template = fact.State switch
        {
            DisputeState.NeedsResponse or DisputeState.UnderReview when fact.IsNew || fact.State == DisputeState.NeedsResponse => "dispute_opened_provider",
            DisputeState.Won => "dispute_won_provider",
            DisputeState.Lost or DisputeState.Accepted => "dispute_lost_provider",
            _ => null,
        };
        if (template is not null)
            await Notify.Person(tx, fact.Provider, template, new Dictionary<string, string>(StringComparer.Ordinal) { ["amount"] = fact.Amount.ToString(), ["link"] = "/desk/money" },
                uniqueKey: $"{fact.Dispute}:{template}");
        if (fact.State is DisputeState.NeedsResponse or DisputeState.WarningNeedsResponse) await TellStaff(tx, "dispute_opened_staff", fact.Dispute, fact.Amount, fact.DueAt, $"{fact.Dispute}:{Names.Of(fact.State)}");
    }

    public static async Task TellStaff(Transaction tx, string template, DisputeId dispute, Amount amount, DateTimeOffset? due, string key)
    {
        foreach (var person in await Accounts.Holding(tx, MoneyPermissions.DisputeManage))
            await Notify.Person(tx, person.Id, template, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["amount"] = amount.ToString(), ["due"] = due is { } at ? Say.When(at, person.Zone) : "–", ["link"] = $"/console/disputes/{dispute}",
            }, uniqueKey: key);
    }
}
