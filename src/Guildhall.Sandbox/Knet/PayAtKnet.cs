using System.Globalization;
using System.Security.Cryptography;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Knet;

/// <summary>What the customer's bank says, told to the merchant at once. The merchant's server must answer <c>REDIRECT=address</c>, or KNET takes a captured
/// payment back. Told once (twice by a fault); what is dropped is not told again.</summary>
internal sealed class PayAtKnet(World world) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public void Dispose() => http.Dispose();

    /// <summary>The payment afterwards, and where the browser goes; null without a payment, no address when the merchant gave none.</summary>
    public async Task<(KnetPayment Payment, string? Back)?> Run(string paymentId, string outcome, CancellationToken stop)
    {
        var result = outcome switch { "capture" => "CAPTURED", "decline" => "NOT CAPTURED", "cancel" => "CANCELED", "timeout" => "HOST TIMEOUT", _ => null };
        if (result is null || await world.Change(w => Settle(w, paymentId, result)) is not { } payment) return null;
        var (wait, drop, twice) = world.Read(w => (w.Faults.DelayWebhooksMs, w.Chance.Hits(w.Faults.DropWebhooks), w.Chance.Hits(w.Faults.DuplicateWebhooks)));
        if (drop) return (payment, null);
        if (wait > 0) await Task.Delay(wait, stop);
        var answer = await Tell(payment, stop);
        if (twice) answer = await Tell(payment, stop);
        var back = answer.StartsWith("REDIRECT=", StringComparison.Ordinal) && Uri.TryCreate(answer["REDIRECT=".Length..].Trim(), UriKind.Absolute, out var address) ? address.AbsoluteUri : null;
        payment = await world.Change(w =>
        {
            var now = w.KnetPayments.Find(paymentId)! with { Told = twice ? 2 : 1, LastAnswer = answer.Length > 200 ? answer[..200] : answer };
            if (back is null && now.Result == "CAPTURED") now = now with { Voided = true };
            w.KnetPayments.Put(now);
            return now;
        });
        return (payment, back);
    }

    private static KnetPayment? Settle(World world, string id, string result)
    {
        if (world.KnetPayments.Find(id) is not { Result: "" } payment) return null;
        if (result == "CAPTURED" && world.Faults.DeclineNext is > 0 and var left)
        {
            world.FaultSettings.Put(world.Faults with { DeclineNext = left - 1 });
            result = "NOT CAPTURED";
        }

        var asked = result is not "CANCELED";
        payment = payment with
        {
            Result = result, TranId = asked ? "2026" + RandomNumberGenerator.GetString("0123456789", 11) : "", Ref = asked ? RandomNumberGenerator.GetString("123456789", 12) : "",
            Auth = result is "CAPTURED" ? RandomNumberGenerator.GetString("0123456789", 6) : "", PostDate = world.Now.ToString("MMdd", CultureInfo.InvariantCulture),
        };
        world.KnetPayments.Put(payment);
        return payment;
    }

    private async Task<string> Tell(KnetPayment payment, CancellationToken stop)
    {
        var text = $"paymentid={payment.PaymentId}&result={payment.Result.Replace(' ', '+')}&auth={payment.Auth}&avr=N&ref={payment.Ref}&tranid={payment.TranId}&postdate={payment.PostDate}&trackid={payment.TrackId}"
            + string.Concat(payment.Udf.Select((value, i) => $"&udf{i + 1}={value}")) + $"&amt={payment.Amount}&authResponseCode={(payment.Result == "CAPTURED" ? "00" : "05")}";
        try
        {
            using var form = new FormUrlEncodedContent([new("trandata", KnetTerminal.Seal(text))]);
            using var answer = await http.PostAsync(new Uri(payment.ResponseUrl), form, stop);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(stop) : $"HTTP {(int)answer.StatusCode}";
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException || (unreachable is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return unreachable.GetType().Name;
        }
    }
}
