using System.Text.Json;

namespace Guildhall.Money.Gateways.Stripe;

/// <summary>Turns Stripe's answers into ours.</summary>
internal static class StripeAnswers
{
    private const int MaxPages = 20, MaxPagesOfAll = 200;

    public static GatewayAnswer<T> Read<T>(GatewayAnswer<JsonElement> answer, Func<JsonElement, T?> read) where T : class => answer switch
    {
        GatewayAnswer<JsonElement>.Accepted(var element) => read(element) is { } fact ? new GatewayAnswer<T>.Accepted(fact) : new GatewayAnswer<T>.Unknown("The answer does not name what was asked about."),
        _ => Pass<T>(answer),
    };

    /// <summary>A list to its end. What cannot be read is left out.</summary>
    public static async Task<GatewayAnswer<IReadOnlyList<T>>> All<T>(StripeApi api, string path, Func<JsonElement, T?> read, CancellationToken stop) where T : class
    {
        var all = new List<T>();
        var end = await Search<T>(api, path, null, row =>
        {
            if (read(row) is { } fact) all.Add(fact);
            return null;
        }, _ => false, stop, MaxPagesOfAll);
        return end is GatewayAnswer<T?>.Unknown(var why) ? new GatewayAnswer<IReadOnlyList<T>>.Unknown(why)
            : end is GatewayAnswer<T?>.Refused(var code, var text) ? new GatewayAnswer<IReadOnlyList<T>>.Refused(code, text) : new GatewayAnswer<IReadOnlyList<T>>.Accepted(all);
    }

    // Newest first, page by page; only a list read to its end proves that there is none.
    public static async Task<GatewayAnswer<T?>> Search<T>(StripeApi api, string path, string? account, Func<JsonElement, T?> read, Func<T, bool> wanted, CancellationToken stop,
        int pages = MaxPages) where T : class
    {
        var last = "";
        for (var page = 0; page < pages; page++)
        {
            var answer = await api.Get(path + last, stop, account);
            if (answer is not GatewayAnswer<JsonElement>.Accepted(var list)) return Pass<T?>(answer);
            var rows = list.GetProperty("data").EnumerateArray().ToArray();
            if (rows.Select(read).FirstOrDefault(fact => fact is not null && wanted(fact)) is { } found) return new GatewayAnswer<T?>.Accepted(found);
            if (rows.Length == 0 || !list.TryGetProperty("has_more", out var more) || more.ValueKind != JsonValueKind.True) return new GatewayAnswer<T?>.Accepted(null);
            last = "&starting_after=" + GatewayJson.Text(rows[^1], "id");
        }
        return new GatewayAnswer<T?>.Unknown("The list has no end.");
    }

    public static GatewayAnswer<T> Pass<T>(GatewayAnswer<JsonElement> answer) => answer switch
    {
        GatewayAnswer<JsonElement>.Refused(var code, var text) => new GatewayAnswer<T>.Refused(code, text),
        GatewayAnswer<JsonElement>.Unknown(var why) => new GatewayAnswer<T>.Unknown(why),
        _ => throw new InvalidOperationException("An accepted answer is read, not passed on."),
    };
}
