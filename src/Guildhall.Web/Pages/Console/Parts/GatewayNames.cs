namespace Guildhall.Web.Pages.Console.Parts;

/// <summary>Payment gateways as they write their own names.</summary>
internal static class GatewayNames
{
    /// <summary>Null for what is no gateway's name.</summary>
    public static string? Find(string? name) => name switch
    {
        "stripe" => "Stripe",
        "paypal" => "PayPal",
        "knet" => "KNET",
        "myfatoorah" => "MyFatoorah",
        "mpesa" => "M-Pesa",
        "paytm" => "Paytm",
        _ => null,
    };

    public static string Of(string name) => Find(name) ?? JsonWords.Say(name);
}
