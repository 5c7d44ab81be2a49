using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;

namespace Guildhall.Money.Gateways;

/// <summary>The gateways of this installation, side by side. New payments go to the one the settings choose for the currency; what exists stays with
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

    /// <summary>Where a new payment in this currency goes: as <see cref="MoneySettings.Gateways"/> says, else the first that takes it. Of several the first that can do what is
    /// wanted and answers; that is decided before anything is asked of any of them, so no money can have moved. Null: nowhere.</summary>
    public async Task<IGateway?> For(Transaction tx, Currency currency, bool captureLater = false)
    {
        if (GatewayChoice.Of(await tx.Setting(MoneySettings.Gateways), currency.Code) is not { } names) return _all.FirstOrDefault(g => g.Can.Takes(currency));
        return names.Select(Find).OfType<IGateway>().Where(g => g.Can.Takes(currency)).OrderByDescending(g => !captureLater || g.Can.ManualCapture).ThenByDescending(g => g.Status.Available).FirstOrDefault();
    }
}

/// <summary>The setting that chooses gateways per currency, the next where the one before does not answer: <c>KWD=knet|myfatoorah KES=mpesa *=stripe</c>.</summary>
internal static class GatewayChoice
{
    private static readonly char[] Between = [' ', ',', ';'];

    public static string[]? Of(string setting, string currency)
    {
        var pairs = Pairs(setting);
        return (pairs.FirstOrDefault(p => string.Equals(p[0], currency, StringComparison.Ordinal)) ?? pairs.FirstOrDefault(p => p[0] is "*"))?[1].Split('|');
    }

    public static string? Objection(string setting) => Pairs(setting).All(p => p is [var code, var names] && (code is "*" || Currency.TryParse(code, out _)) && names.Split('|').All(IsName))
        ? null : "Write pairs of currency and gateway, such as: KWD=knet|myfatoorah *=stripe. Behind a bar stands where payments go while the one before does not answer.";

    private static string[][] Pairs(string setting) => [.. setting.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(p => p.Split('='))];

    private static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_');
}
