using System.Text.RegularExpressions;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

/// <summary>
/// The part of Stripe's query language that finds an intent by the merchant's own reference: <c>metadata['k']:'v'</c>, <c>status:'…'</c>,
/// <c>currency:'…'</c>, joined by AND. The live index lags by up to a minute; here it does not.
/// </summary>
internal static partial class SearchPaymentIntents
{
    public static void Map(StripeApi api) => api.Get("/v1/payment_intents/search", Search);

    private static object Search(StripeCall call)
    {
        var query = call.Form.Required("query");
        var clauses = query.Split(" AND ", StringSplitOptions.TrimEntries).Select(text => Clause().Match(text)).ToArray();
        if (clauses.Any(clause => !clause.Success))
            throw StripeRefusal.Invalid($"We were unable to parse your search query: {query}", "query");

        var limit = Page.Limit(call.Form);
        var indexed = clauses.FirstOrDefault(clause => clause.Groups["key"].Success);
        var key = indexed is null ? null : $"metadata:{indexed.Groups["key"].Value}={indexed.Groups["value"].Value}";
        var found = call.World.Intents.NewestFirst(key, call.Form.Text("page"))
            .Where(intent => clauses.All(clause => Matches(intent, clause)))
            .Take(limit + 1)
            .ToArray();
        var more = found.Length > limit;
        return new Result(found[..Math.Min(limit, found.Length)], more, more ? found[limit - 1].Id : null);
    }

    private static bool Matches(PaymentIntent intent, Match clause)
    {
        var value = clause.Groups["value"].Value;
        if (clause.Groups["key"].Success) return intent.Metadata.TryGetValue(clause.Groups["key"].Value, out var own) && own == value;
        return clause.Groups["field"].Value == "status"
            ? intent.Status == value
            : intent.Currency.Equals(value, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(
        """^(?:metadata\[(?<a>['"])(?<key>[^'"]+)\k<a>\]|(?<field>status|currency)):(?<b>['"])(?<value>[^'"]*)\k<b>$""",
        RegexOptions.None,
        200)]
    private static partial Regex Clause();

    private sealed record Result(PaymentIntent[] Data, bool HasMore, string? NextPage)
    {
        public string Object { get; } = "search_result";
        public string Url { get; } = "/v1/payment_intents/search";
    }
}
