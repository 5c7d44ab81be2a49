using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Payouts;

/// <summary>Payouts in a file of the bank's own format, which people build, approve and carry there. Nothing is called; what became of each is learnt
/// from bank statements.</summary>
internal sealed class BankFileRail : IPayoutRail
{
    public const string RailName = "bank_file";

    public string Name => RailName;

    public RailCapabilities Can { get; } = new(Batched: true);

    public PartyStatus Status { get; } = new(Available: true, LastSuccess: null, LastFailure: null, LastError: null);

    public long Step(Currency currency) => 1;
}
