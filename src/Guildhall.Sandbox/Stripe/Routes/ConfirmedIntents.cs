using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

/// <summary>Intents that are made and confirmed in one call with a kept card.</summary>
internal static class ConfirmedIntents
{
    public static void Map(StripeApi api) => api.Post(
        "/v1/payment_intents", Create,
        "amount", "capture_method", "confirm", "currency", "customer", "description", "metadata", "off_session", "payment_method", "receipt_email", "return_url",
        "setup_future_usage", "statement_descriptor_suffix", "transfer_group", "application_fee_amount");

    private static object Create(StripeCall call)
    {
        var (world, form) = (call.World, call.Form);
        var (amount, currency) = (form.Integer("amount") ?? throw StripeRefusal.Missing("amount"), form.Required("currency").ToLowerInvariant());
        Currencies.CheckAmount(amount, currency, "amount");
        Currencies.CheckMinimum(amount, currency);
        if (form.OneOf("confirm", "true", "false") != "true") throw StripeRefusal.Invalid("This sandbox only makes intents that are confirmed at once.", "confirm");
        var customer = world.Customers.Find(form.Required("customer")) ?? throw StripeRefusal.NoSuch("customer", form.Required("customer"), "customer", 400);
        var method = world.Methods.Find(form.Required("payment_method"));
        if (method is null || method.Customer != customer.Id)
        {
            throw StripeRefusal.NoSuch("payment method of this customer", form.Required("payment_method"), "payment_method", 400);
        }

        var id = Ids.New("pi_");
        var intent = new PaymentIntent
        {
            Id = id,
            Amount = amount,
            ApplicationFeeAmount = form.Integer("application_fee_amount"),
            CaptureMethod = form.OneOf("capture_method", "automatic", "automatic_async", "manual") ?? "automatic",
            ClientSecret = Ids.New(id + "_secret_"),
            Created = world.UnixNow,
            Currency = currency,
            Customer = customer.Id,
            Description = form.Text("description", 1000),
            Metadata = form.Metadata(),
            PaymentMethod = method.Id,
            ReceiptEmail = form.Text("receipt_email"),
            SetupFutureUsage = form.OneOf("setup_future_usage", "on_session", "off_session"),
            StatementDescriptorSuffix = form.Text("statement_descriptor_suffix", 22),
            Status = "requires_confirmation",
            TransferGroup = form.Text("transfer_group"),
            Session = "",
        };
        return ChargeKept.Confirm(world, intent, method, form.OneOf("off_session", "true", "false") == "true", $"{call.BaseAddress}/authenticate/{id}", form.Text("return_url"));
    }
}
