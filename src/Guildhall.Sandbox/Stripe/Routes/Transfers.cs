using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

internal static class Transfers
{
    public static void Map(StripeApi api)
    {
        api.Post(
            "/v1/transfers", Create,
            "amount", "currency", "description", "destination", "metadata", "source_transaction", "source_type", "transfer_group");
        api.Get("/v1/transfers", List);
        api.Get("/v1/transfers/{id}", call => Find(call));
        api.Get("/v1/transfers/{id}/reversals", call => new Page([.. Find(call).Reversals.Data], false, Find(call).Reversals.Url));
        api.Post("/v1/transfers/{id}/reversals", Reverse, "amount", "description", "metadata", "refund_application_fee");
    }

    private static object Create(StripeCall call)
    {
        var (world, form) = (call.World, call.Form);
        var currency = Currencies.Check(form.Required("currency"));
        var amount = Currencies.CheckAmount(form.Integer("amount") ?? throw StripeRefusal.Missing("amount"), currency, "amount");
        var metadata = form.Metadata();
        var source = form.Text("source_transaction");
        if (source is not null && world.Charges.Find(source) is null) throw StripeRefusal.NoSuch("charge", source, "source_transaction");
        var destination = Accounts.Known(world, form.Required("destination"), "destination");

        var id = Ids.New("tr_");
        var transfer = new Transfer
        {
            Id = id,
            Amount = amount,
            BalanceTransaction = FindBalanceTransaction.IdFor(id),
            Created = world.UnixNow,
            Currency = currency,
            Description = form.Text("description"),
            Destination = destination.Id,
            DestinationPayment = Ids.New("py_"),
            Metadata = metadata,
            SourceTransaction = source,
            TransferGroup = form.Text("transfer_group"),
            Reversals = new TransferReversals([], $"/v1/transfers/{id}/reversals"),
        };
        world.Transfers.Put(transfer);
        MoveBalance.By(world, MoveBalance.Platform, currency, -amount);
        MoveBalance.By(world, destination.Id, currency, amount);
        Emit.Event(world, "transfer.created", transfer, cause: call);
        return transfer;
    }

    private static object Reverse(StripeCall call)
    {
        var (world, form) = (call.World, call.Form);
        var transfer = Find(call);
        var left = transfer.Amount - transfer.AmountReversed;
        var amount = Currencies.CheckAmount(form.Integer("amount") ?? left, transfer.Currency, "amount");
        if (amount > left)
        {
            throw StripeRefusal.State(
                "amount_too_large", "The amount of the reversal is greater than the unreversed amount of the transfer.", "amount");
        }

        if (MoveBalance.Of(world, transfer.Destination, transfer.Currency) < amount)
            throw StripeRefusal.State("balance_insufficient", "The connected account does not have enough funds to reverse this transfer.");

        var reversal = new TransferReversal(
            Ids.New("trr_"), amount, FindBalanceTransaction.IdFor(transfer.Id), world.UnixNow, transfer.Currency, form.Metadata(),
            transfer.Id);
        transfer = transfer with
        {
            AmountReversed = transfer.AmountReversed + amount,
            Reversed = amount == left,
            Reversals = transfer.Reversals with { Data = [reversal, .. transfer.Reversals.Data] },
        };
        world.Transfers.Put(transfer);
        MoveBalance.By(world, transfer.Destination, transfer.Currency, -amount);
        MoveBalance.By(world, MoveBalance.Platform, transfer.Currency, amount);
        Emit.Event(world, "transfer.reversed", transfer, cause: call);
        return reversal;
    }

    private static object List(StripeCall call)
    {
        var key = call.Form.Text("transfer_group") is { } group ? $"transfer_group:{group}"
            : call.Form.Text("destination") is { } account ? $"destination:{account}" : null;
        return Page.Of(call.Form, "/v1/transfers", after => call.World.Transfers.NewestFirst(key, after), transfer => transfer.Created);
    }

    private static Transfer Find(StripeCall call) =>
        call.World.Transfers.Find(call.Id) ?? throw StripeRefusal.NoSuch("transfer", call.Id, "transfer");
}
