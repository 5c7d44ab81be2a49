using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Paytm;

/// <summary>Paytm's calls: signed envelopes in and out, 200 also for a refusal, an order and a refund deduplicated by their names.</summary>
internal sealed partial class PaytmRoutes(World world)
{
    private const int TokenMinutes = 15, RefundSeconds = 3;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Result(string Status, string Code, string Says, JsonObject? Also = null, bool Effect = false);

    public static void Map(IEndpointRouteBuilder app)
    {
        var paytm = new PaytmRoutes(app.ServiceProvider.GetRequiredService<World>());
        app.MapPost("/theia/api/v1/initiateTransaction", (HttpRequest request) => paytm.Answer(request.HttpContext, paytm.Initiate));
        app.MapPost("/v3/order/status", (HttpRequest request) => paytm.Answer(request.HttpContext, paytm.Status));
        app.MapPost("/refund/apply", (HttpRequest request) => paytm.Answer(request.HttpContext, paytm.Refund));
        app.MapPost("/v2/refund/status", (HttpRequest request) => paytm.Answer(request.HttpContext, paytm.RefundStatus));
    }

    private async Task<IResult> Answer(HttpContext http, Func<World, JsonElement, string?, Result> handle)
    {
        if (world.Read(w => w.Faults.DelayMs) is > 0 and var delay) await Task.Delay(delay, http.RequestAborted);
        var asked = (http.Request.Query["mid"].ToString(), http.Request.Query["orderId"].ToString());
        var result = await Read(http) is { } body
            ? Text(body, "mid") == PaytmAccount.Mid && asked.Item1 is "" or PaytmAccount.Mid ? await world.Change(w => handle(w, body, asked.Item2 is "" ? null : asked.Item2)) : new Result("F", "1006", "Invalid MID")
            : new Result("F", "2013", "Checksum provided is invalid");
        if (result.Effect && await world.Change(TakeTimeoutFault.From))
        {
            await TakeTimeoutFault.HoldAndClose(http);
            return Results.Empty;
        }

        var said = result.Also ?? [];
        said["resultInfo"] = new JsonObject { ["resultStatus"] = result.Status, ["resultCode"] = result.Code, ["resultMsg"] = result.Says };
        var text = said.ToJsonString(Plain);
        return Results.Text($$"""{"head":{"responseTimestamp":"{{world.Read(w => w.UnixNow)}}","version":"v1","signature":{{JsonSerializer.Serialize(PaytmAccount.Sign(text), Plain)}}},"body":{{text}}}""", "application/json");
    }

    private static async Task<JsonElement?> Read(HttpContext http)
    {
        if (!http.Request.HasJsonContentType()) return null;
        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            var (root, head) = (document.RootElement, document.RootElement.GetProperty("head"));
            return PaytmAccount.Verify(root.GetProperty("body").GetRawText(), head.GetProperty("signature").GetString()!) ? root.GetProperty("body").Clone() : null;
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentNullException)
        {
            return null;
        }
    }

    private Result Initiate(World w, JsonElement body, string? inAddress)
    {
        var amount = body.TryGetProperty("txnAmount", out var asked) ? asked : default;
        if (Text(body, "requestType") is not "Payment" || Text(body, "websiteName") is not PaytmAccount.Website) return new Result("F", "1001", "Invalid request parameters");
        if (Text(body, "orderId") is not { } id || id != inAddress || !Name().IsMatch(id)) return new Result("F", "1007", "Invalid order id");
        if (!TryAmount(Text(amount, "value"), out var paise) || Text(amount, "currency") is not "INR") return new Result("F", "1001", "Invalid transaction amount");
        if (!body.TryGetProperty("userInfo", out var user) || Text(user, "custId") is not { Length: > 0 }) return new Result("F", "1001", "Invalid customer id");
        if (!Uri.TryCreate(Text(body, "callbackUrl"), UriKind.Absolute, out var callback) || !(callback.Scheme == "https" || callback.IsLoopback)) return new Result("F", "1001", "Invalid callback url");
        if (w.PaytmOrders.Find(id) is { } known)
            return known.Amount == paise && known.Status is null ? new Result("S", "0002", "Success Idempotent", new JsonObject { ["txnToken"] = known.Token }) : new Result("F", "325", "Duplicate order id");
        var order = new PaytmOrder(id, paise, callback.AbsoluteUri, Ids.New("", 45), w.Now.AddMinutes(TokenMinutes));
        w.PaytmOrders.Put(order);
        return new Result("S", "0000", "Success", new JsonObject { ["txnToken"] = order.Token, ["isPromoCodeValid"] = false, ["authenticated"] = false }, Effect: true);
    }

    private Result Status(World w, JsonElement body, string? inAddress)
    {
        if (w.PaytmOrders.Find(Text(body, "orderId") ?? "") is not { } order) return new Result("TXN_FAILURE", "334", "Invalid Order ID.");
        if (order.Status is null) return new Result("TXN_FAILURE", "331", "No Record Found.");
        return new Result(order.Status, order.Code!, order.Says!, new JsonObject
        {
            ["txnId"] = order.TxnId, ["bankTxnId"] = "1", ["orderId"] = order.Id, ["txnAmount"] = PaytmEffects.Text(order.Amount), ["txnType"] = "SALE", ["gatewayName"] = "PPBLC", ["mid"] = PaytmAccount.Mid,
            ["paymentMode"] = "UPI", ["refundAmt"] = PaytmEffects.Text(order.Refunded), ["txnDate"] = PaytmEffects.Date(order.At!.Value),
        });
    }

    private Result Refund(World w, JsonElement body, string? inAddress)
    {
        if (Text(body, "txnType") is not "REFUND" || Text(body, "refId") is not { } id || !Name().IsMatch(id) || !TryAmount(Text(body, "refundAmount"), out var paise)) return new Result("TXN_FAILURE", "600", "Invalid refund request");
        if (w.PaytmOrders.Find(Text(body, "orderId") ?? "") is not { Status: "TXN_SUCCESS" } order || order.TxnId != Text(body, "txnId")) return new Result("TXN_FAILURE", "631", "Record not found");
        if (w.PaytmRefunds.Find(id) is { } known) return new Result("TXN_FAILURE", "617", "Refund already raised for this merchant with this ref id", About(known));
        if (order.Refunded + paise > order.Amount) return new Result("TXN_FAILURE", "628", "Refund amount is more than the transaction amount");
        var refund = new PaytmRefund(id, order.Id, order.TxnId!, paise, w.Now.ToString("yyyyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture) + Ids.New("", 10), w.Now.AddSeconds(RefundSeconds), w.Faults.FailRefunds);
        w.PaytmRefunds.Put(refund);
        if (!refund.Fails) w.PaytmOrders.Put(order with { Refunded = order.Refunded + paise });
        return new Result("PENDING", "601", "Refund request was raised for this transaction. But it is pending state", About(refund), Effect: true);
    }

    private Result RefundStatus(World w, JsonElement body, string? inAddress)
    {
        if (w.PaytmRefunds.Find(Text(body, "refId") ?? "") is not { } refund || refund.OrderId != Text(body, "orderId")) return new Result("TXN_FAILURE", "631", "Record not found");
        if (w.Now < refund.Ends) return new Result("PENDING", "601", "Refund request was raised for this transaction. But it is pending state", About(refund));
        return refund.Fails ? new Result("TXN_FAILURE", "629", "Refund was not taken by the bank", About(refund)) : new Result("TXN_SUCCESS", "10", "Refund Successfull", About(refund));
    }

    private static JsonObject About(PaytmRefund refund) => new()
    {
        ["orderId"] = refund.OrderId, ["refId"] = refund.RefId, ["refundId"] = refund.RefundId, ["txnId"] = refund.TxnId, ["refundAmount"] = PaytmEffects.Text(refund.Amount), ["mid"] = PaytmAccount.Mid,
    };

    private static bool TryAmount(string? text, out long paise)
    {
        paise = 0;
        return text is { Length: <= 15 } && Rupees().IsMatch(text) && long.TryParse(text.Replace(".", "", StringComparison.Ordinal), out paise) && paise > 0;
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex("^[A-Za-z0-9@._-]{1,50}$", RegexOptions.None, 200)]
    private static partial Regex Name();

    [GeneratedRegex("^[0-9]+[.][0-9]{2}$", RegexOptions.None, 200)]
    private static partial Regex Rupees();
}
