using System.Net;
using System.Text.Json.Nodes;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>Stripe as an HTTP handler: the same requests and answers as on the wire, in virtual time, with faults from a seed. It sends no webhooks by
/// itself: they wait in <see cref="Events"/> for the simulation to deliver, double, reorder or lose them.</summary>
internal sealed partial class VirtualStripe(TimeProvider clock, Func<string, ValueTask> reach) : HttpMessageHandler
{
    private sealed record Kept(string Request, JsonObject Answer, int Status, DateTimeOffset At);

    // Stripe forgets a key after a day; this one within minutes, so that the lookups of the product have to prevent a second effect.
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromMinutes(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Kept> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<JsonObject>> _objects = new(StringComparer.Ordinal);
    private int _last;

    public Random Dice { get; set; } = new(0);

    /// <summary>How many calls in a hundred go wrong.</summary>
    public int FaultPercent { get; set; }

    /// <summary>Webhooks that wait to be delivered.</summary>
    public List<string> Events { get; } = [];

    /// <summary>It opens accounts for nobody.</summary>
    public bool RefusesAccounts { get; set; }

    public IReadOnlyList<JsonObject> All(string kind) => _objects.TryGetValue(kind, out var list) ? list : [];

    public void Forget()
    {
        _keys.Clear();
        _objects.Clear();
        Events.Clear();
        RefusesAccounts = false;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var what = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        await reach(what);
        var fault = FaultPercent > 0 && Dice.Next(100) < FaultPercent ? Dice.Next(4) : -1;
        if (fault == 0) throw new HttpRequestException("The line was cut before the request arrived.");
        if (fault == 1) return Answer(500, Error("api_error", "No effect."));
        JsonObject answer;
        int status;
        lock (_lock) (answer, status) = Once(request, body);
        await reach("after " + what);
        return fault switch
        {
            2 => throw new HttpRequestException("The answer was lost."),
            3 => Answer(500, Error("api_error", "The effect was had all the same.")),
            _ => Answer(status, answer),
        };
    }

    private (JsonObject, int) Once(HttpRequestMessage request, string body)
    {
        var key = request.Headers.TryGetValues("Idempotency-Key", out var values) ? values.Single() : null;
        var text = $"{request.Method} {request.RequestUri!.PathAndQuery} {body}";
        if (key is not null && _keys.TryGetValue(key, out var kept) && kept.At + KeyLifetime > clock.GetUtcNow())
            return string.Equals(kept.Request, text, StringComparison.Ordinal) ? (kept.Answer, kept.Status) : (Error("idempotency_error", "Another request had this key."), 400);
        var (form, query) = (Fields(body), Fields(request.RequestUri.Query.TrimStart('?')));
        var account = request.Headers.TryGetValues("Stripe-Account", out var accounts) ? accounts.Single() : null;
        var (answer, status) = Handle(request.Method.Method, request.RequestUri.AbsolutePath["/v1/".Length..].Split('/'), form, query, account);
        if (key is not null) _keys[key] = new Kept(text, (JsonObject)answer.DeepClone(), status, clock.GetUtcNow());
        return (answer, status);
    }

    private static Dictionary<string, string> Fields(string text) => text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('='))
        .ToDictionary(p => WebUtility.UrlDecode(p[0]), p => WebUtility.UrlDecode(p[^1]), StringComparer.Ordinal);

    private (JsonObject, int) Handle(string method, string[] path, Dictionary<string, string> form, Dictionary<string, string> query, string? account) => (method, path) switch
    {
        ("POST", ["checkout", "sessions"]) => (OpenSession(form), 200),
        ("GET", ["checkout", "sessions", var id]) => Find("checkout.session", id) is { } s ? (Expanded(s), 200) : Missing(),
        ("POST", ["checkout", "sessions", var id, "expire"]) => Find("checkout.session", id) is not { } s ? Missing() : CloseSession(s),
        ("POST", ["payment_intents", var id, "cancel"]) => Find("payment_intent", id) is { } i ? CancelIntent(i) : Missing(),
        ("POST", ["payment_intents", var id, "capture"]) => Find("payment_intent", id) is { } i ? CaptureIntent(i, form) : Missing(),
        ("GET", ["payment_intents", var id]) => Find("payment_intent", id) is { } i ? (i, 200) : Missing(),
        ("POST", ["refunds"]) => MakeRefund(form),
        ("GET", ["refunds"]) => (List("refund", o => Text(o, "payment_intent") == query["payment_intent"]), 200),
        ("GET", ["refunds", var id]) => Find("refund", id) is { } r ? (r, 200) : Missing(),
        ("GET", ["disputes"]) => (List("dispute", o => Number(o, "created") >= long.Parse(query["created[gte]"], System.Globalization.CultureInfo.InvariantCulture), WithIntent), 200),
        ("GET", ["disputes", var id]) => Find("dispute", id) is { } d ? (WithIntent(d), 200) : Missing(),
        ("POST", ["disputes", var id]) => Find("dispute", id) is { } d ? Answered(d, form) : Missing(),
        ("POST", ["disputes", var id, "close"]) => Find("dispute", id) is { } d ? GivenUp(d) : Missing(),
        ("POST", ["accounts"]) when RefusesAccounts => (Error("account_invalid", "No account for them."), 400),
        ("POST", ["accounts"]) => (Made("account", form, []), 200),
        ("POST", ["accounts", var id, "external_accounts"]) => (Made("bank_account", form, new() { ["account"] = id }), 200),
        ("POST", ["transfers"]) => (Made("transfer", form, new() { ["destination"] = form["destination"], ["transfer_group"] = form["transfer_group"], ["amount_reversed"] = 0 }), 200),
        ("GET", ["transfers"]) => (List("transfer", o => Text(o, "transfer_group") == query["transfer_group"]), 200),
        ("GET", ["transfers", var id]) => Find("transfer", id) is { } t ? (t, 200) : Missing(),
        ("POST", ["transfers", var id, "reversals"]) => Find("transfer", id) is { } t ? Reverse(t, form) : Missing(),
        ("POST", ["payouts"]) => (Emitted(Made("payout", form, new() { ["status"] = "pending", ["account"] = account }), "payout.created"), 200),
        ("GET", ["payouts"]) => (List("payout", o => Text(o, "account") == account), 200),
        ("GET", ["payouts", var id]) => Find("payout", id) is { } p ? (p, 200) : Missing(),
        _ => Cards(method, path, form, query),
    };

    /// <summary>Whether money that was on its way as the page closed may still come: within half a day.</summary>
    public bool MayBeLate(JsonObject session) => Text(session, "status") is "expired" && Number(session, "closed_at") + 43_200 > clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>The customer pays on the page (or is declined). Nothing happens when it is not open, unless the money was on its way as it closed.</summary>
    public void Pays(JsonObject session, bool declined, bool late = false)
    {
        lock (_lock)
        {
            Expiries();
            if (Text(session, "status") is not "open" && !(late && MayBeLate(session))) return;
            var intent = Intent(session);
            if (declined)
            {
                intent["last_payment_error"] = new JsonObject { ["code"] = "card_declined", ["message"] = "The card was refused." };
                Emit("payment_intent.payment_failed", intent);
                return;
            }
            intent["last_payment_error"] = null;
            KeepCard(session, intent);
            var held = Text(session, "capture_method") is "manual";
            if (held) intent["capture_before"] = clock.GetUtcNow().AddDays(7).ToUnixTimeSeconds();
            else intent["amount_received"] = Number(intent, "amount");
            Set(intent, held ? "requires_capture" : "succeeded", held ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded");
            (session["status"], session["payment_status"]) = ("complete", held ? "unpaid" : "paid");
            Emit("checkout.session.completed", session);
        }
    }

    /// <summary>Money that was not asked for: more, less, or as much in another currency. It must never be booked unless a person says so.</summary>
    public bool TakesWrongly(JsonObject session, long more, bool inEuros)
    {
        var minor = Number(session, "amount_total") + more;
        if (minor <= 0) return false;
        lock (_lock) Emitted(New("payment_intent", new()
        {
            ["rogue"] = true, ["status"] = "succeeded", ["currency"] = inEuros ? "eur" : Text(session, "currency"), ["amount"] = minor, ["amount_received"] = minor, ["metadata"] = session["metadata"]!.DeepClone(),
        }), "payment_intent.succeeded");
        return true;
    }

    /// <summary>What the gateway does by itself as time passes.</summary>
    public void Expiries()
    {
        lock (_lock)
            foreach (var session in All("checkout.session").Where(s => Text(s, "status") is "open" && Number(s, "expires_at") <= clock.GetUtcNow().ToUnixTimeSeconds()).ToArray()) Expire(session);
        lock (_lock)
            foreach (var intent in All("payment_intent").Where(i => Text(i, "status") is "requires_capture" && Number(i, "capture_before") <= clock.GetUtcNow().ToUnixTimeSeconds()).ToArray())
            {
                intent["cancellation_reason"] = "automatic";
                Set(intent, "canceled", "payment_intent.canceled");
            }
    }

    /// <summary>A later state of a refund, payout, …, with its event.</summary>
    public void Becomes(JsonObject thing, string status)
    {
        lock (_lock) Set(thing, status, Text(thing, "object") + ".updated");
    }

    private JsonObject Intent(JsonObject session)
    {
        if (Text(session, "payment_intent") is { } known) return Find("payment_intent", known)!;
        var intent = New("payment_intent", new()
        {
            ["amount"] = Number(session, "amount_total"), ["amount_received"] = 0, ["currency"] = Text(session, "currency"), ["status"] = "requires_payment_method",
            ["metadata"] = session["metadata"]!.DeepClone(),
        });
        session["payment_intent"] = Text(intent, "id");
        return intent;
    }

    private JsonObject OpenSession(Dictionary<string, string> form)
    {
        var total = form.Where(f => f.Key.EndsWith("[unit_amount]", StringComparison.Ordinal)).Sum(f => long.Parse(f.Value, System.Globalization.CultureInfo.InvariantCulture));
        var session = New("checkout.session", new()
        {
            ["amount_total"] = total, ["currency"] = form["line_items[0][price_data][currency]"], ["status"] = "open", ["payment_status"] = "unpaid",
            ["expires_at"] = long.Parse(form["expires_at"], System.Globalization.CultureInfo.InvariantCulture), ["metadata"] = Metadata(form),
        });
        session["customer"] = form.GetValueOrDefault("customer");
        session["capture_method"] = form.GetValueOrDefault("payment_intent_data[capture_method]");
        session["url"] = "https://pay.example.test/" + Text(session, "id");
        return session;
    }

    private JsonObject Expanded(JsonObject session)
    {
        Expiries();
        var copy = (JsonObject)session.DeepClone();
        if (Text(session, "payment_intent") is not { } id) return copy;
        var intent = (JsonObject)Find("payment_intent", id)!.DeepClone();
        if (Text(intent, "payment_method") is { } method) intent["payment_method"] = Find("payment_method", method)!.DeepClone();
        copy["payment_intent"] = intent;
        return copy;
    }

    private JsonObject Expire(JsonObject session)
    {
        (session["status"], session["closed_at"]) = ("expired", clock.GetUtcNow().ToUnixTimeSeconds());
        Emit("checkout.session.expired", session);
        return session;
    }

    private (JsonObject, int) CloseSession(JsonObject session) =>
        Text(session, "status") is "open" ? (Expire(session), 200) : (Error("invalid_request_error", "The session is not open."), 400);

    private (JsonObject, int) CancelIntent(JsonObject intent) =>
        Text(intent, "status") is "succeeded" or "canceled" ? (Error("payment_intent_unexpected_state", "It has ended."), 400) : (Set(intent, "canceled", "payment_intent.canceled"), 200);

    private (JsonObject, int) CaptureIntent(JsonObject intent, Dictionary<string, string> form)
    {
        if (Text(intent, "status") is not "requires_capture") return (Error("payment_intent_unexpected_state", "It cannot be captured."), 400);
        intent["amount_received"] = form.TryGetValue("amount_to_capture", out var some) ? long.Parse(some, System.Globalization.CultureInfo.InvariantCulture) : Number(intent, "amount");
        return (Set(intent, "succeeded", "payment_intent.succeeded"), 200);
    }

    private (JsonObject, int) MakeRefund(Dictionary<string, string> form)
    {
        var intent = Find("payment_intent", form["payment_intent"])!;
        var amount = long.Parse(form["amount"], System.Globalization.CultureInfo.InvariantCulture);
        if (Gone(intent) + amount > Number(intent, "amount_received")) return (Error("charge_already_refunded", "More than was taken."), 400);
        var refund = Made("refund", form, new() { ["payment_intent"] = Text(intent, "id"), ["currency"] = Text(intent, "currency"), ["status"] = Dice.Next(3) == 0 ? "pending" : "succeeded" });
        return (Emitted(refund, "refund.created"), 200);
    }

    private (JsonObject, int) Reverse(JsonObject transfer, Dictionary<string, string> form)
    {
        var amount = long.Parse(form["amount"], System.Globalization.CultureInfo.InvariantCulture);
        if (Number(transfer, "amount_reversed") + amount > Number(transfer, "amount")) return (Error("transfer_already_reversed", "More than was moved."), 400);
        transfer["amount_reversed"] = Number(transfer, "amount_reversed") + amount;
        return (Made("transfer_reversal", form, []), 200);
    }
}
