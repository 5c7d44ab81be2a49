using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Security;
using Guildhall.Identity;
using Guildhall.Marketplace;
using Guildhall.Messaging;
using Guildhall.Money;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Guildhall.Operations.SavedFilters;

/// <summary>Id of a saved filter, <c>sfl_…</c>.</summary>
public readonly record struct SavedFilterId(Guid Value) : IId<SavedFilterId>
{
    public static string Prefix => "sfl";
    public static SavedFilterId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out SavedFilterId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>A filter of a list under the name its owner gave it.</summary>
/// <param name="Query">Parameters of the list's page, in the order the list knows them, without a question mark.</param>
/// <param name="Address">The page with the filter in force.</param>
public sealed record SavedFilter(SavedFilterId Id, string List, string Name, string Query, string Address);

/// <summary>A list of the console whose filters can be kept.</summary>
/// <param name="Parameters">Those that are kept. What names a person is left out: a name, an address, what somebody searched for would stay here when the person is erased.</param>
public sealed record FilteredList(string Name, string Address, Permission Needs, IReadOnlyList<string> Parameters)
{
    private const int MostValue = 100;
    private static readonly string[] OfMoney = ["state", "gateway", "currency", "least", "most", "from", "until"];

    public static IReadOnlyList<FilteredList> All { get; } =
    [
        new("payments", "/console/payments", MoneyPermissions.PaymentView, OfMoney),
        new("withdrawals", "/console/withdrawals", MoneyPermissions.WithdrawalView, OfMoney),
        new("bookings", "/console/bookings", MarketplacePermissions.BookingView, ["state"]),
        new("people", "/console/people", IdentityPermissions.AccountView, ["role", "state"]),
        new("deliveries", "/console/deliveries", MessagingPermissions.DeliveryView, ["template", "channel", "state"]),
        new("audit", "/console/audit", OperationsPermissions.AuditView, ["action", "subject", "from", "until"]),
    ];

    public static FilteredList? Find(string name) => All.FirstOrDefault(l => string.Equals(l.Name, name, StringComparison.Ordinal));

    /// <summary>The same filter written in one way only: the list's parameters, each once, none empty. Refused when it says anything else.</summary>
    public Result<string> Read(string query)
    {
        var given = QueryHelpers.ParseQuery(query);
        if (given.Keys.FirstOrDefault(k => !Parameters.Contains(k, StringComparer.Ordinal)) is { } unknown) return OperationsRefusals.FilterParameterUnknown.With(("parameter", unknown));
        if (given.Values.Any(v => v is not [{ Length: <= MostValue } value] || value.Any(char.IsControl))) return OperationsRefusals.FilterValueInvalid;
        return Written(given) is { Length: > 0 } written ? written : OperationsRefusals.FilterEmpty;
    }

    /// <summary>What of this address can be kept; empty when nothing of it.</summary>
    public string Kept(IEnumerable<KeyValuePair<string, StringValues>> query) =>
        Written(query.Where(q => q.Value is [{ Length: <= MostValue }] && Parameters.Contains(q.Key, StringComparer.Ordinal)).ToDictionary(q => q.Key, q => q.Value, StringComparer.Ordinal));

    private string Written(IReadOnlyDictionary<string, StringValues> given)
    {
        var written = new StringBuilder();
        foreach (var name in Parameters)
        {
            if (!given.TryGetValue(name, out var values) || values is not [{ } typed] || typed.Trim() is not { Length: > 0 } value) continue;
            written.Append(written.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
        return written.ToString();
    }
}
