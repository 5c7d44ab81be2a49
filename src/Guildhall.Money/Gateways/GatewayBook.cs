using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Money.Orders;

namespace Guildhall.Money.Gateways;

/// <summary>The gateways of this installation, side by side. New payments go to the one the settings choose for the currency and country; what exists stays with
/// the gateway it began at.</summary>
public sealed class GatewayBook(IEnumerable<IGateway> gateways, MasterKey master)
{
    private const string Phone = "payment-phone";
    private readonly IGateway[] _all = [.. gateways];

    public IReadOnlyList<IGateway> All => _all;

    public IGateway? Find(string name) => _all.FirstOrDefault(g => string.Equals(g.Name, name, StringComparison.Ordinal));

    /// <summary>The gateway of something that exists. One that is no longer set up answers nothing: what waits for it goes on waiting.</summary>
    public IGateway Of(string name) => Find(name) ?? new AbsentGateway(name);

    internal byte[]? Seal(PaymentId payment, string? phone) => phone is null ? null : master.Seal(Phone, payment.ToString(), Encoding.UTF8.GetBytes(phone));

    internal string? Open(PaymentId payment, byte[]? phone) => phone is null ? null : Encoding.UTF8.GetString(master.Open(Phone, payment.ToString(), phone));

    /// <summary>Where a new payment for this order goes: as <see cref="MoneySettings.Gateways"/> says, else the first that takes it. Of several the first that can do what is
    /// wanted and answers; that is decided before anything is asked of any of them, so no money can have moved. Null: nowhere.</summary>
    internal async Task<IGateway?> For(Transaction tx, Order order)
    {
        var currency = order.Currency;
        if (GatewayChoice.Of(await tx.Setting(MoneySettings.Gateways), currency.Code, order.Country) is not { } names) return _all.FirstOrDefault(g => g.Can.Takes(currency));
        return names.Select(Find).OfType<IGateway>().Where(g => g.Can.Takes(currency)).OrderByDescending(g => g.Can.Lacks(order) is null).ThenByDescending(g => g.Status.Available).FirstOrDefault();
    }
}

/// <summary>The setting that chooses gateways per currency, for a country before all others, the next where the one before does not answer: <c>KWD=myfatoorah KWD@KW=knet|myfatoorah *@IN=paytm *=stripe</c>.</summary>
internal static class GatewayChoice
{
    private static readonly char[] Between = [' ', ',', ';'];

    /// <summary>The first that is there of: the currency in the country, the currency, anything in the country, anything.</summary>
    public static string[]? Of(string setting, string currency, string? country)
    {
        var pairs = Pairs(setting);
        string[] wanted = country is null ? [currency, "*"] : [$"{currency}@{country}", currency, $"*@{country}", "*"];
        return wanted.Select(w => pairs.FirstOrDefault(p => string.Equals(p[0], w, StringComparison.Ordinal))).FirstOrDefault(p => p is not null)?[1].Split('|');
    }

    public static string? Objection(string setting) => Pairs(setting).All(p => p is [var of, var names] && IsOf(of.Split('@')) && names.Split('|').All(IsName))
        ? null : "Write pairs of currency and gateway, such as: KWD=knet|myfatoorah *=stripe, and KWD@KW=knet for what is done in one country. Behind a bar stands where payments go while the one before does not answer.";

    private static string[][] Pairs(string setting) => [.. setting.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(p => p.Split('='))];

    private static bool IsOf(string[] of) => (of[0] is "*" || Currency.TryParse(of[0], out _)) && (of.Length == 1 || of is [_, { Length: 2 } country] && country.All(char.IsAsciiLetterUpper));

    private static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_');
}
