using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Identity;
using Guildhall.Money;
using Guildhall.Web.Components;
using NodaTime;

namespace Guildhall.Web.Pages.Console.Parts;

/// <summary>What staff typed to narrow a list of payments or withdrawals, out of the address.</summary>
public sealed class MoneyFilter(IQueryCollection query, Reader reader)
{
    public string? State => Word("state");
    public string? Gateway => Word("gateway");
    public string? Currency => Word("currency")?.ToUpperInvariant();
    public string? Least => Word("least");
    public string? Most => Word("most");
    public DateOnly? From => Day("from");
    public DateOnly? Until => Day("until");
    public Guid? Provider => Id.TryParse<AccountId>(Word("provider"), out var id) ? id.Value : null;

    /// <summary>Whether anything but the state is asked for.</summary>
    public bool Narrows => (Gateway ?? Currency ?? Least ?? Most) is not null || From is not null || Until is not null || Provider is not null;

    /// <summary>True when the amounts cannot be read: they are of one currency, which has to be named.</summary>
    public bool AmountsWrong => (Least is not null && Minor(Least) is null) || (Most is not null && Minor(Most) is null);

    /// <summary>Days are the reader's own, whole ones.</summary>
    public ListFilter For(string? state) => new()
    {
        State = state, Gateway = Gateway, Currency = Currency, Least = Minor(Least), Most = Minor(Most), Provider = Provider, From = Start(From), Until = Start(Until?.AddDays(1)),
    };

    /// <summary>The table of the same, at this address of the API.</summary>
    public string Export(string address, string? state)
    {
        var filter = For(state);
        var parts = new (string Name, object? Value)[]
        {
            ("state", filter.State), ("gateway", filter.Gateway), ("currency", filter.Currency), ("least", filter.Least), ("most", filter.Most), ("provider", filter.Provider),
            ("from", filter.From?.ToString("O", CultureInfo.InvariantCulture)), ("until", filter.Until?.ToString("O", CultureInfo.InvariantCulture)),
        };
        return $"{address}?{string.Join('&', parts.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(Convert.ToString(p.Value, CultureInfo.InvariantCulture)!)}"))}".TrimEnd('?');
    }

    private long? Minor(string? typed) =>
        typed is not null && Foundation.Currency.TryParse(Currency, out var currency) && Amount.TryParse(typed, currency, CultureInfo.InvariantCulture, out var amount) ? amount.Minor : null;

    private DateTimeOffset? Start(DateOnly? day) => day is { } d ? new LocalDate(d.Year, d.Month, d.Day).AtStartOfDayInZone(reader.Zone).ToInstant().ToDateTimeOffset().ToUniversalTime() : null;

    private DateOnly? Day(string name) => DateOnly.TryParseExact(Word(name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1970 and < 9999 ? day : null;

    private string? Word(string name) => query[name].ToString().Trim() is { Length: > 0 } word ? word : null;
}
