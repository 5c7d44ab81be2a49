using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Knet;

/// <summary><c>POST /kpg/tranPipe.htm</c>: inquiry (8) and refund (2), bare tags in and out.</summary>
internal static partial class KnetPipe
{
    public static async Task Run(HttpContext context, World world)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var delay = world.Read(w => w.Faults.DelayMs);
        if (delay > 0) await Task.Delay(delay, context.RequestAborted);
        var (answer, lost) = await world.Change(w => Answer(w, context.Request, body));
        if (lost) await TakeTimeoutFault.HoldAndClose(context);
        else
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(answer, context.RequestAborted);
        }
    }

    private static (string Answer, bool Lost) Answer(World world, HttpRequest request, string body)
    {
        if (request.Query["param"] != "tranInit" || request.ContentType?.StartsWith("application/xml", StringComparison.Ordinal) != true) return Error("IPAY0100013", "Invalid transaction data.");
        var tags = Tag().Matches(body).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value, StringComparer.Ordinal);
        string Of(string name) => tags.GetValueOrDefault(name, "");
        if (Of("id") != KnetTerminal.Id) return Error("IPAY0100005", "Missing Tranportal ID.");
        if (Of("password") != KnetTerminal.Password) return Error("IPAY0100015", "Invalid Tranportal password.");
        if (!Amount().IsMatch(Of("amt"))) return Error("IPAY0100025", "Invalid Amount or Currency Code.");
        var key = Of("udf5") switch { "" or "TransID" => "tran:", "TrackID" => "track:", "PaymentID" => "", "RefID" => "ref:", _ => null };
        var payment = key is null ? null : key.Length == 0 ? world.KnetPayments.Find(Of("transid")) : world.KnetPayments.NewestFirst(key + Of("transid")).FirstOrDefault();
        var fils = OpenKnetPage.Fils(Of("amt"));
        if (payment is null || payment.TrackId != Of("trackid") || payment.Result.Length == 0) return Error("IPAY0100263", "Transaction details not available.");
        return Of("action") switch
        {
            "8" when payment.Fils != fils => Error("IPAY0100263", "Transaction details not available."),
            "8" => (Tags(payment, payment.Voided ? "FAILURE" : payment.Result, payment.TranId, payment.Fils), false),
            "2" => Refund(world, payment, fils, Of("udf1")),
            _ => Error("IPAY0100020", "Invalid Action Type."),
        };
    }

    private static (string Answer, bool Lost) Refund(World world, KnetPayment payment, long fils, string udf1)
    {
        if (payment is not { Result: "CAPTURED", Voided: false } || fils == 0 || payment.RefundedFils + fils > payment.Fils) return Error("IPAY0100025", "Invalid Amount or Currency Code.");
        var refund = new KnetRefund("2027" + RandomNumberGenerator.GetString("0123456789", 11), payment.PaymentId, payment.TrackId, fils, world.Faults.FailRefunds ? "NOT CAPTURED" : "CAPTURED", udf1);
        world.KnetRefunds.Put(refund);
        if (refund.Result == "CAPTURED") world.KnetPayments.Put(payment with { RefundedFils = payment.RefundedFils + fils });
        return (Tags(payment, refund.Result, refund.TranId, fils), TakeTimeoutFault.From(world));
    }

    // Broken over lines, and without a root.
    private static string Tags(KnetPayment payment, string result, string tranid, long fils) =>
        $"<result>{result}</result>\n<payid>{payment.PaymentId}</payid>\n<trackid>{payment.TrackId}</trackid>"
        + string.Concat(payment.Udf.Select((value, i) => $"<udf{(i + 1).ToString(CultureInfo.InvariantCulture)}>{SecurityElement.Escape(value)}</udf{(i + 1).ToString(CultureInfo.InvariantCulture)}>"))
        + $"\n<ref>{payment.Ref}</ref><auth>{payment.Auth}</auth><postdate>{payment.PostDate}</postdate>\n<tranid>{tranid}</tranid><amt>{KnetPayment.Text(fils)}</amt>";

    private static (string Answer, bool Lost) Error(string code, string why) => ($"<error_code_tag>{code}</error_code_tag><result>!ERROR!-{code}-{why}</result>", false);

    [GeneratedRegex("<([a-z0-9]+)>([^<]*)</\\1>", RegexOptions.None, 200)]
    private static partial Regex Tag();

    [GeneratedRegex(@"^[0-9]{1,6}\.[0-9]{3}$", RegexOptions.None, 200)]
    private static partial Regex Amount();
}
