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

    /// <summary>Where a new payment in this currency goes: as <see cref="MoneySettings.Gateways"/> says, else the first that takes it. Null: nowhere.</summary>
    public async Task<IGateway?> For(Transaction tx, Currency currency)
    {
        var choice = GatewayChoice.Of(await tx.Setting(MoneySettings.Gateways), currency.Code);
        return choice is null ? _all.FirstOrDefault(g => g.Can.Takes(currency)) : Find(choice) is { } chosen && chosen.Can.Takes(currency) ? chosen : null;
    }
}

/// <summary>The setting that chooses a gateway per currency: <c>KWD=knet KES=mpesa *=stripe</c>.</summary>
internal static class GatewayChoice
{
    private static readonly char[] Between = [' ', ',', ';'];

    public static string? Of(string setting, string currency)
    {
        var pairs = setting.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(p => p.Split('=')).ToArray();
        return (pairs.FirstOrDefault(p => string.Equals(p[0], currency, StringComparison.Ordinal)) ?? pairs.FirstOrDefault(p => p[0] is "*"))?[1];
    }

    public static string? Objection(string setting) => setting.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .All(p => p.Split('=') is [var code, { Length: > 0 } name] && (code is "*" || Currency.TryParse(code, out _)) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_'))
        ? null : "Write pairs of currency and gateway, such as: KWD=knet *=stripe";
}
