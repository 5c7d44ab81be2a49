using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Guildhall.Foundation;
using Microsoft.AspNetCore.WebUtilities;

namespace Guildhall.Money.Gateways.Knet;

/// <summary>What a payment is called over there, and what has to be said again to ask about it: track id, amount, when it began.</summary>
internal sealed record KnetReference(string Track, string Amount, long Started)
{
    public static KnetReference Of(PaymentId payment, Amount amount, DateTimeOffset started) => new(TrackOf(payment), WireAmount.Write(amount), started.ToUnixTimeSeconds());

    /// <summary>Letters and digits only, 26 of at most 40: our id without its prefix.</summary>
    public static string TrackOf(PaymentId payment) => payment.ToString()[(PaymentId.Prefix.Length + 1)..];

    public static PaymentId? PaymentOf(string? track) => Id.TryParse<PaymentId>($"{PaymentId.Prefix}_{track?.ToLowerInvariant()}", out var id) ? id : null;

    public static KnetReference? Parse(string text) => text.Split('/') is [{ Length: > 0 } track, { Length: > 0 } amount, var began] && long.TryParse(began, out var started)
        ? new(track, amount, started) : null;

    public override string ToString() => $"{Track}/{Amount}/{Started}";
}

/// <summary>The fields of an answer of the pipe: bare tags without a root, or a text with an error number in it.</summary>
internal sealed partial record KnetAnswer(IReadOnlyDictionary<string, string> Fields, string? Error)
{
    private const int MostFields = 60;

    public string? this[string name] => Fields.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public string Result => this["result"]?.ToUpperInvariant() ?? "";

    public static KnetAnswer Read(string body)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            using var reader = XmlReader.Create(new StringReader(body), new XmlReaderSettings
            {
                ConformanceLevel = ConformanceLevel.Fragment, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, MaxCharactersInDocument = 64 * 1024,
            });
            var name = "";
            while (reader.Read() && fields.Count < MostFields)
            {
                if (reader.NodeType == XmlNodeType.Element) name = reader.LocalName;
                else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && name.Length > 0) fields.TryAdd(name, reader.Value.Trim());
            }
        }
        catch (XmlException) { } // what was read until here counts; the rest is looked through for an error number
        var error = ErrorNumber().Match(body.Length > 4096 ? body[..4096] : body);
        return new KnetAnswer(fields, error.Success ? error.Value : null);
    }

    [GeneratedRegex("I?PAY0[0-9]{6}", RegexOptions.None, 200)]
    private static partial Regex ErrorNumber();
}

/// <summary>What KNET's words mean to us.</summary>
internal static class KnetReading
{
    private static readonly Currency Kwd = Currency.Of("KWD");

    // Of these our settings are the cause: they say nothing about a payment.
    private static readonly HashSet<string> Settings = new(
        ["0100005", "0100006", "0100008", "0100012", "0100013", "0100015", "0100018", "0100020", "0100022", "0100023", "0100025", "0100026"], StringComparer.Ordinal);

    public static bool BlamesSettings(string error) => Settings.Contains(error[^7..]);

    /// <summary>Of a callback or of a browser that comes back: which payment it speaks of. Nothing else of it is read.</summary>
    public static PaymentId? Track(ReadOnlySpan<byte> form, string key)
    {
        var fields = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(form));
        if (fields.TryGetValue("trandata", out var sealedText)) fields = KnetTrandata.Decrypt(sealedText.ToString(), key) is { } text ? QueryHelpers.ParseQuery(text) : [];
        // The request that every customer has in the address is sealed with the same key; it is no answer.
        else if (!fields.ContainsKey("Error") && !fields.ContainsKey("ErrorText")) return null;
        return fields.ContainsKey("password") ? null : KnetReference.PaymentOf(fields.TryGetValue("trackid", out var track) ? track.ToString() : null);
    }

    /// <summary>What an inquiry says. <c>over</c>: the page can no longer be paid, so what KNET does not know will not come.</summary>
    public static GatewayAnswer<PaymentFact> Payment(KnetAnswer answer, PaymentId payment, KnetReference asked, bool over)
    {
        var amount = WireAmount.TryRead(asked.Amount, Kwd, out var began) ? began : default;
        GatewayAnswer<PaymentFact> Is(FactState state, string? code = null, string? text = null) =>
            new GatewayAnswer<PaymentFact>.Accepted(new PaymentFact(payment, state, amount, null, code, text));
        if (answer["trackid"] is { } track && !string.Equals(track, asked.Track, StringComparison.OrdinalIgnoreCase)) return new GatewayAnswer<PaymentFact>.Unknown("The answer is about another track id.");
        var known = answer["tranid"] is not null || answer["ref"] is not null || answer["payid"] is not null;
        switch (answer.Result)
        {
            case "CAPTURED" or "SUCCESS":
                return answer["trackid"] is not null && WireAmount.TryRead(answer["amt"], Kwd, out var taken)
                    ? new GatewayAnswer<PaymentFact>.Accepted(new PaymentFact(payment, FactState.Captured, taken, NameOf(answer, asked.Track)))
                    : new GatewayAnswer<PaymentFact>.Unknown("The answer does not say which payment or how much.");
            case "NOT CAPTURED":
                return Is(FactState.Failed, "not_captured", "The bank refused the card.");
            case "CANCELED" or "CANCELLED":
                return Is(FactState.Cancelled, "canceled", "The customer cancelled.");
            case "FAILURE" or "SUSPECTED" when known:
                return Is(FactState.Failed, answer.Result.ToLowerInvariant(), "The bank refused the card.");
            case "HOST TIMEOUT" when over:
                return Is(FactState.Failed, "host_timeout", "The bank did not answer.");
        }
        return answer.Error is { } error && BlamesSettings(error) || answer is { Result: "", Error: null } ? new GatewayAnswer<PaymentFact>.Unknown(answer.Error ?? "The answer has no result.")
            : Is(over ? FactState.Expired : FactState.Open, answer.Error);
    }

    /// <summary>What came of a refund: only CAPTURED is one. A word that says nothing about the money is unknown.</summary>
    public static GatewayAnswer<RefundFact> Refund(KnetAnswer answer, RefundId refund, Amount asked) => answer switch
    {
        { Result: "CAPTURED" } => new GatewayAnswer<RefundFact>.Accepted(new RefundFact(refund, RefundFactState.Completed,
            answer["amt"] is null ? asked : WireAmount.TryRead(answer["amt"], Kwd, out var told) ? told : default, answer["tranid"] ?? answer["ref"] ?? "")),
        { Result: "NOT CAPTURED" } => new GatewayAnswer<RefundFact>.Refused("not_captured", "KNET did not give the money back."),
        { Result: not "HOST TIMEOUT", Error: { } error } when error[^7..] is not "0100158" => new GatewayAnswer<RefundFact>.Refused(error, "KNET refused the refund."),
        _ => new GatewayAnswer<RefundFact>.Unknown(answer.Error ?? (answer.Result.Length is > 0 and < 40 ? answer.Result : "The answer has no result.")),
    };

    // Everything that KNET wants kept about a payment, in one name: track id, payment id, transaction id, reference, authorization.
    private static string NameOf(KnetAnswer answer, string track) => string.Join('/', track, Part(answer["payid"]), Part(answer["tranid"]), Part(answer["ref"]), Part(answer["auth"]));

    private static string Part(string? value) => value is { Length: <= 40 } && value.All(char.IsAsciiLetterOrDigit) ? value : "";
}
