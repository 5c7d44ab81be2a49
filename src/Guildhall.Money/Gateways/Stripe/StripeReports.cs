using System.Globalization;
using System.Text.Json;
using Guildhall.Money.Reconciliation;

namespace Guildhall.Money.Gateways.Stripe;

/// <summary>Stripe's balance transactions, newest first, with what they are about (docs.stripe.com/api/balance_transactions/list).</summary>
internal sealed class StripeReports(StripeApi api) : IGatewayReports
{
    public string Gateway => "stripe";

    public async Task<GatewayAnswer<ReportPage>> Read(DateTimeOffset from, DateTimeOffset to, string? after, CancellationToken stop)
    {
        var path = $"/v1/balance_transactions?limit=100&expand[]=data.source&created[gte]={Unix(from)}&created[lt]={Unix(to)}{(after is null ? "" : "&starting_after=" + Uri.EscapeDataString(after))}";
        return await api.Get(path, stop) switch
        {
            GatewayAnswer<JsonElement>.Accepted(var list) => Page(list),
            GatewayAnswer<JsonElement>.Refused(var code, var text) => new GatewayAnswer<ReportPage>.Refused(code, text),
            GatewayAnswer<JsonElement>.Unknown(var why) => new GatewayAnswer<ReportPage>.Unknown(why),
            _ => throw new InvalidOperationException("There is no other answer."),
        };
    }

    private static string Unix(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static GatewayAnswer<ReportPage> Page(JsonElement list)
    {
        var rows = new List<ReportRow>();
        foreach (var item in list.GetProperty("data").EnumerateArray())
        {
            if (Row(item) is not { } row) return new GatewayAnswer<ReportPage>.Unknown("A row of the report cannot be read.");
            rows.Add(row);
        }
        var more = rows.Count > 0 && list.TryGetProperty("has_more", out var has) && has.ValueKind == JsonValueKind.True;
        return new GatewayAnswer<ReportPage>.Accepted(new ReportPage(rows, more ? rows[^1].ExternalId : null));
    }

    internal static ReportRow? Row(JsonElement item)
    {
        if (GatewayJson.Text(item, "id") is not { Length: <= 100 } id || !StripeReading.TryAmount(item, "amount", out var gross) || !StripeReading.TryAmount(item, "fee", out var fee)
            || !StripeReading.TryAmount(item, "net", out var net) || gross - fee != net || Time(item, "created") is not { } created) return null;
        var kind = StripeReport.Kind(GatewayJson.Text(item, "reporting_category"), gross);
        var source = item.TryGetProperty("source", out var found) ? found : default;
        var whole = source.ValueKind == JsonValueKind.Object;
        var named = kind switch
        {
            ReportKind.Charge => StripeReading.Metadata(source, "payment_id"),
            ReportKind.Refund or ReportKind.RefundBack => StripeReading.Metadata(source, "refund_id"),
            ReportKind.Payout or ReportKind.PayoutBack => StripeReading.Metadata(source, "payout_id"),
            _ => null,
        };
        var there = !whole ? source.ValueKind == JsonValueKind.String ? source.GetString() : null
            : kind == ReportKind.Charge ? GatewayJson.Text(source, "payment_intent") ?? GatewayJson.Text(source, "id")
            : kind == ReportKind.PayoutBack ? GatewayJson.Text(source, "transfer") ?? GatewayJson.Text(source, "id") : GatewayJson.Text(source, "id");
        var arrives = kind is ReportKind.Settlement && Time(source, "arrival_date") is { } arrival ? arrival : Time(item, "available_on");
        return new ReportRow(id, kind, gross, fee, created, arrives is { } day ? DateOnly.FromDateTime(day.UtcDateTime) : null, Fields.Ours(kind, named), there, null,
            Fields.Words(GatewayJson.Text(item, "description")));
    }

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
