using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Guildhall.Sandbox.Pages;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Knet;

/// <summary><c>GET /kpg/PaymentHTTP.htm</c>: reads the sealed request and opens the page, or sends the browser to the merchant's errorURL with a number.</summary>
internal static partial class OpenKnetPage
{
    private static readonly string[] Order =
        ["id", "password", "action", "langid", "currencycode", "amt", "responseURL", "errorURL", "trackid", "udf1", "udf2", "udf3", "udf4", "udf5"];

    public static async Task<IResult> Run(World world, HttpRequest request)
    {
        string Query(string name) => request.Query[name].ToString();
        if (Query("param") != "paymentInit" || Query("tranportalId") != KnetTerminal.Id) return Refuse("IPAY0100006", "Invalid Tranportal ID.");
        if (KnetTerminal.Open(Query("trandata")) is not { } text) return Refuse("IPAY0100013", "Invalid transaction data.");
        var pairs = text.Split('&').Select(pair => pair.Split('=', 2)).ToArray();
        if (pairs.Any(pair => pair.Length != 2) || !pairs.Select(pair => pair[0]).SequenceEqual(Order, StringComparer.Ordinal))
            return Refuse("IPAY0100013", "Invalid transaction data.");

        var fields = pairs.ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        if (fields["responseURL"] != Query("responseURL") || fields["errorURL"] != Query("errorURL") || !IsAddress(fields["responseURL"]) || !IsAddress(fields["errorURL"]))
            return Refuse("IPAY0100249", "Merchant response URL is down.");
        if (Wrong(fields) is var (code, why)) return Back(fields, code, why);
        return await world.Change(w => Open(w, fields)) is { } opened ? SeeOther.To($"/kpg/pay/{opened}") : Back(fields, "IPAY0100114", "Duplicate Record.");
    }

    private static (string Code, string Why)? Wrong(Dictionary<string, string> fields) => fields switch
    {
        _ when fields["id"] != KnetTerminal.Id => ("IPAY0100005", "Missing Tranportal ID."),
        _ when fields["password"] != KnetTerminal.Password => ("IPAY0100015", "Invalid Tranportal password."),
        _ when fields["action"] != "1" => ("IPAY0100020", "Invalid Action Type."),
        _ when fields["langid"] is not ("EN" or "AR" or "USA") => ("IPAY0100026", "Invalid language identifier."),
        _ when fields["currencycode"] != "414" => ("IPAY0100022", "Invalid Currency."),
        _ when !Amount().IsMatch(fields["amt"]) || fields["amt"].Length > 10 || Fils(fields["amt"]) == 0 => ("IPAY0100025", "Invalid Amount or Currency Code."),
        _ when !Track().IsMatch(fields["trackid"]) => ("IPAY0100013", "Invalid Track ID."),
        _ when Order[9..].Any(name => fields[name].Length > 255 || fields[name].AsSpan().ContainsAny('@', '/')) => ("IPAY0100013", "Invalid UDF."),
        _ => null,
    };

    public static long Fils(string amount) => long.Parse(amount.Replace(".", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture);

    private static string? Open(World world, Dictionary<string, string> fields)
    {
        if (world.KnetPayments.NewestFirst("track:" + fields["trackid"]).Any()) return null;
        var id = "1002" + RandomNumberGenerator.GetString("0123456789", 14);
        world.KnetPayments.Put(new KnetPayment
        {
            PaymentId = id, TrackId = fields["trackid"], Fils = Fils(fields["amt"]), ResponseUrl = fields["responseURL"], ErrorUrl = fields["errorURL"], Udf = [.. Order[9..].Select(name => fields[name])],
        });
        return id;
    }

    private static bool IsAddress(string text) => text.Length <= 255 && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    private static IResult Back(Dictionary<string, string> fields, string code, string why) => SeeOther.To(
        $"{fields["errorURL"]}?Error={code}&ErrorText={Uri.EscapeDataString($"{code}-{why}")}&trackid={Uri.EscapeDataString(fields["trackid"])}&amt={Uri.EscapeDataString(fields["amt"])}");

    private static IResult Refuse(string code, string why) => Layout.Bare("KNET", Html.Of($"""
        <section class="card stack"><h1>Payment cannot be processed</h1><p class="notice red" role="alert"><strong>✕ {code}</strong> {why}</p></section>
        """), StatusCodes.Status400BadRequest);

    [GeneratedRegex(@"^[0-9]{1,6}\.[0-9]{3}$", RegexOptions.None, 200)]
    private static partial Regex Amount();

    [GeneratedRegex("^[A-Za-z0-9]{1,40}$", RegexOptions.None, 200)]
    private static partial Regex Track();
}
