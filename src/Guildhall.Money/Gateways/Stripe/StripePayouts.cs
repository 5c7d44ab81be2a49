using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money.Payouts;
using static Guildhall.Money.Gateways.Stripe.StripeAnswers;

namespace Guildhall.Money.Gateways.Stripe;

/// <summary>Stripe Connect: a transfer to the provider's connected account, then a payout of it to the bank. Written from its documentation and tried
/// against the sandbox's stand-in only, never against the live service.</summary>
internal sealed class StripePayouts(StripeApi api) : ICalledRail
{
    public string Name => "stripe";

    public RailCapabilities Can { get; } = new(Batched: false);

    public PartyStatus Status => api.Status;

    public long Step(Currency currency) => StripeAmounts.Step(currency);

    // One connected account for each currency of a destination, with the bank account that its payouts go to.
    public async Task<GatewayAnswer<string>> RegisterDestination(DestinationId destination, Currency currency, BankDetails bank, CancellationToken stop)
    {
        if (bank.Country is null) return new GatewayAnswer<string>.Refused("country_missing", "The country of the bank account is not known.");
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["type"] = "custom",
            ["country"] = bank.Country,
            ["default_currency"] = StripeAmounts.Write(currency),
            ["capabilities[transfers][requested]"] = "true",
            ["metadata[destination_id]"] = destination.ToString(),
            ["external_account[object]"] = "bank_account",
            ["external_account[country]"] = bank.Country,
            ["external_account[currency]"] = StripeAmounts.Write(currency),
            ["external_account[account_holder_name]"] = bank.Holder,
            ["external_account[account_number]"] = bank.Account,
        };
        if (bank.BankCode is { } code) form["external_account[routing_number]"] = code;
        return Read(await api.Post("/v1/accounts", $"{destination}-{currency.Code}-account", form, stop), account => GatewayJson.Text(account, "id"));
    }

    public async Task<GatewayAnswer<PayoutFact>> Payout(PayoutRequest request, CancellationToken stop)
    {
        var (amount, currency) = (StripeAmounts.Write(request.Amount), StripeAmounts.Write(request.Amount.Currency));
        var transferId = request.Transfer;
        if (transferId is null)
        {
            var moved = await api.Post("/v1/transfers", $"{request.Payout}-transfer", [new("amount", amount), new("currency", currency), new("destination", request.Destination),
                new("transfer_group", request.Payout.ToString()), new("metadata[payout_id]", request.Payout.ToString())], stop);
            if (moved is not GatewayAnswer<JsonElement>.Accepted(var transfer)) return Pass<PayoutFact>(moved);
            transferId = GatewayJson.Text(transfer, "id")!;
        }
        var sent = await api.Post("/v1/payouts", $"{request.Payout}-payout",
            [new("amount", amount), new("currency", currency), new("metadata[payout_id]", request.Payout.ToString()), new("metadata[transfer]", transferId)], stop, request.Destination);
        return sent is GatewayAnswer<JsonElement>.Refused(var code, var text)
            ? new GatewayAnswer<PayoutFact>.Accepted(new PayoutFact(request.Payout, PayoutFactState.Failed, request.Amount, transferId, null, $"{code}: {text}"))
            : Read(sent, payout => StripeReading.Payout(payout, transferId));
    }

    public async Task<GatewayAnswer<PayoutFact?>> FindPayout(PayoutSought sought, CancellationToken stop)
    {
        var (payout, destination) = (sought.Payout, sought.Destination);
        var moved = await api.Get($"/v1/transfers?transfer_group={payout}&limit=10", stop);
        if (moved is not GatewayAnswer<JsonElement>.Accepted(var transfers)) return Pass<PayoutFact?>(moved);
        if (transfers.GetProperty("data").EnumerateArray().FirstOrDefault() is not { ValueKind: JsonValueKind.Object } transfer) return new GatewayAnswer<PayoutFact?>.Accepted(null);
        var transferId = GatewayJson.Text(transfer, "id")!;
        if (!StripeReading.TryAmount(transfer, "amount", out var amount)) return new GatewayAnswer<PayoutFact?>.Unknown("The transfer has no amount.");
        return await Search(api, "/v1/payouts?limit=100", destination, found => StripeReading.Payout(found, transferId), fact => fact.Payout == payout, stop) switch
        {
            GatewayAnswer<PayoutFact?>.Accepted { Value: null } => new GatewayAnswer<PayoutFact?>.Accepted(new PayoutFact(payout, PayoutFactState.InTransit, amount, transferId, null)),
            var answer => answer,
        };
    }

    public async Task<GatewayAnswer<string>> TakeBack(PayoutId payout, string transferReference, Amount amount, CancellationToken stop)
    {
        var back = await api.Post($"/v1/transfers/{transferReference}/reversals", $"{payout}-reversal",
            [new("amount", StripeAmounts.Write(amount)), new("metadata[payout_id]", payout.ToString())], stop);
        if (back is GatewayAnswer<JsonElement>.Refused && await api.Get($"/v1/transfers/{transferReference}", stop) is GatewayAnswer<JsonElement>.Accepted(var transfer)
            && StripeReading.TryAmount(transfer, "amount_reversed", out var reversed) && reversed.Minor >= amount.Minor) return new GatewayAnswer<string>.Accepted(transferReference);
        return Read(back, reversal => GatewayJson.Text(reversal, "id"));
    }
}
