using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.MyFatoorah;

/// <summary><c>POST /v3/payments</c>, <c>GET /v3/payments/{id}</c> and the older <c>POST /v2/GetPaymentStatus</c> with its own spelling.</summary>
internal static partial class MyFatoorahPayments
{
    private static readonly string[] Currencies = ["KWD", "SAR", "BHD", "AED", "QAR", "OMR", "JOD", "EGP"];
    private static readonly string[] Known =
    [
        "PaymentMethod", "Order", "OperationType", "NotificationOption", "PaymentExpiry", "Language", "IpAddress", "Customer", "IntegrationUrls", "MetaData", "SourceOfFund", "Suppliers", "ThreeDS",
        "SaveCardOptions", "DisplayPaymentMethods",
    ];

    public static object Create(World world, HttpContext context, JsonElement body)
    {
        foreach (var field in body.EnumerateObject())
            if (!Known.Contains(field.Name, StringComparer.Ordinal)) throw new MyFatoorahRefusal(field.Name, "Unknown field.");
        var order = body.TryGetProperty("Order", out var found) ? found : throw new MyFatoorahRefusal("Order", "Order is required.");
        var currency = MyFatoorahApi.Text(order, "Currency") ?? "KWD";
        if (!Currencies.Contains(currency, StringComparer.Ordinal)) throw new MyFatoorahRefusal("Order.Currency", "Unknown currency.");
        var minor = Amount(order, "Order.Amount", currency);
        if (MyFatoorahApi.Text(body, "OperationType") is not (null or "PAY")) throw new MyFatoorahRefusal("OperationType", "This sandbox has PAY only.");
        if (MyFatoorahApi.Text(body, "Language") is not (null or "EN" or "AR")) throw new MyFatoorahRefusal("Language", "EN or AR.");
        var ends = world.UnixNow + (24 * 60 * 60);
        if (MyFatoorahApi.Text(body, "PaymentExpiry") is { } until)
            ends = DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.ToUnixTimeSeconds() > world.UnixNow
                ? time.ToUnixTimeSeconds() : throw new MyFatoorahRefusal("PaymentExpiry", "The expiry is in the past or no time.");
        var urls = body.TryGetProperty("IntegrationUrls", out var u) ? u : default;
        var invoice = new MyFatoorahInvoice
        {
            InvoiceId = RandomNumberGenerator.GetString("123456789", 9), PaymentId = "0707" + RandomNumberGenerator.GetString("0123456789", 16), Minor = minor, Currency = currency, Ends = ends,
            ExternalIdentifier = MyFatoorahApi.Text(order, "ExternalIdentifier"), CustomerReference = body.TryGetProperty("Customer", out var customer) ? MyFatoorahApi.Text(customer, "Reference") : null,
            Redirection = Url(urls, "Redirection") ?? throw new MyFatoorahRefusal("IntegrationUrls.Redirection", "An address is required here."), Webhook = Url(urls, "Webhook"),
        };
        world.MyFatoorahInvoices.Put(invoice);
        return new
        {
            invoice.InvoiceId, invoice.PaymentId, PaymentURL = $"{context.Request.Scheme}://{context.Request.Host}/KWT/ia/{invoice.PaymentId}", PaymentCompleted = false, TransactionDetails = (object?)null,
        };
    }

    public static object Read(World world, HttpContext context, JsonElement body)
    {
        var id = context.Request.RouteValues["paymentId"]?.ToString() ?? "";
        var invoice = world.MyFatoorahInvoices.NewestFirst("payment:" + id).FirstOrDefault() ?? throw new MyFatoorahRefusal("paymentId", "No such payment.");
        var (attempt, amount) = (invoice.Tries.FirstOrDefault(t => t.PaymentId == id) ?? invoice.Last, MyFatoorahInvoice.Text(invoice.Minor, invoice.Currency));
        return new
        {
            Invoice = new { Id = invoice.InvoiceId, invoice.Status, Reference = "2026" + invoice.InvoiceId, invoice.ExternalIdentifier },
            Transaction = new
            {
                Id = invoice.InvoiceId, Status = attempt?.Status ?? "INPROGRESS", PaymentMethod = "KNET", PaymentId = attempt?.PaymentId ?? id, ReferenceId = (string?)null,
                Error = attempt?.Error is null ? null : new { Code = attempt.ErrorCode, Message = attempt.Error },
            },
            Amount = new
            {
                BaseCurrency = invoice.Currency, ValueInBaseCurrency = amount, DisplayCurrency = invoice.Currency, ValueInDisplayCurrency = amount, PayCurrency = invoice.Currency, ValueInPayCurrency = amount,
            },
        };
    }

    public static object ReadV2(World world, HttpContext context, JsonElement body)
    {
        var key = MyFatoorahApi.Text(body, "Key") ?? throw new MyFatoorahRefusal("Key", "Key is required.");
        var invoice = MyFatoorahApi.Text(body, "KeyType")?.ToUpperInvariant() switch
        {
            "INVOICEID" => world.MyFatoorahInvoices.Find(key),
            "PAYMENTID" => world.MyFatoorahInvoices.NewestFirst("payment:" + key).FirstOrDefault(),
            "CUSTOMERREFERENCE" => world.MyFatoorahInvoices.NewestFirst("reference:" + key).FirstOrDefault(),
            _ => throw new MyFatoorahRefusal("KeyType", "InvoiceId, PaymentId or CustomerReference."),
        } ?? throw new MyFatoorahRefusal("Key", "No invoice.");
        return new
        {
            InvoiceId = long.Parse(invoice.InvoiceId, CultureInfo.InvariantCulture), InvoiceStatus = Word(invoice.Status), invoice.CustomerReference,
            InvoiceValue = JsonSerializer.Deserialize<JsonElement>(MyFatoorahInvoice.Text(invoice.Minor, invoice.Currency)),
            InvoiceTransactions = invoice.Tries.Select(t => new
            {
                t.PaymentId, TransactionStatus = t.Status == "SUCCESS" ? "Succss" : Word(t.Status), TransationValue = MyFatoorahInvoice.Text(invoice.Minor, invoice.Currency), invoice.Currency, t.Error, t.ErrorCode,
            }).ToArray(),
        };
    }

    public static long Amount(JsonElement parent, string field, string currency)
    {
        var text = parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty("Amount", out var value) && value.ValueKind == JsonValueKind.Number ? value.GetRawText() : "";
        var decimals = MyFatoorahInvoice.Text(0, currency).Length - 2;
        if (!Number().IsMatch(text) || text.Split('.') is [_, { } tail] && tail.Length > decimals) throw new MyFatoorahRefusal(field, "A number with the decimals of the currency.");
        var parts = text.Split('.');
        var minor = long.Parse(parts[0] + (parts.Length > 1 ? parts[1] : "").PadRight(decimals, '0'), NumberStyles.None, CultureInfo.InvariantCulture);
        return minor > 0 ? minor : throw new MyFatoorahRefusal(field, "The value must be greater than 0");
    }

    private static string? Url(JsonElement urls, string name) => MyFatoorahApi.Text(urls, name) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? text : throw new MyFatoorahRefusal("IntegrationUrls." + name, "Not an address.");

    private static string Word(string status) => status switch { "INPROGRESS" => "InProgress", _ => status[..1] + status[1..].ToLowerInvariant() };

    [GeneratedRegex(@"^[0-9]{1,9}(\.[0-9]{1,3})?$", RegexOptions.None, 200)]
    private static partial Regex Number();
}
