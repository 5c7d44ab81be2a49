using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

internal static class CheckoutSessions
{
    /// <summary>Half an hour, less a few seconds for the two clocks to differ.</summary>
    private const long ShortestSeconds = 30 * 60 - 5;

    private const long LongestSeconds = 24 * 60 * 60 + 5;

    private static readonly string[] Parameters =
    [
        "after_expiration", "allow_promotion_codes", "automatic_tax", "billing_address_collection", "cancel_url", "client_reference_id",
        "consent_collection", "currency", "custom_fields", "custom_text", "customer", "customer_creation", "customer_email",
        "customer_update",
        "discounts", "expires_at", "invoice_creation", "line_items", "locale", "metadata", "mode", "payment_intent_data",
        "payment_method_collection", "payment_method_options", "phone_number_collection", "shipping_address_collection", "shipping_options",
        "submit_type", "success_url", "tax_id_collection", "ui_mode", "allowed_payment_method_types",
    ];

    public static void Map(StripeApi api)
    {
        api.Post("/v1/checkout/sessions", Create, Parameters);
        api.Get("/v1/checkout/sessions", List);
        api.Get("/v1/checkout/sessions/{id}", call => Find(call));
        api.Get("/v1/checkout/sessions/{id}/line_items", LineItems);
        api.Post("/v1/checkout/sessions/{id}/expire", Expire);
    }

    private static object Create(StripeCall call)
    {
        var (world, form) = (call.World, call.Form);
        if (form.Required("mode") != "payment") throw StripeRefusal.Invalid("This sandbox only knows mode=payment.", "mode");
        var (items, currency) = ReadLineItems.From(form);
        var total = items.Sum(item => item.AmountTotal);
        Currencies.CheckAmount(total, currency, "line_items");
        Currencies.CheckMinimum(total, currency);

        var id = Ids.New("cs_test_", 58);
        var session = new CheckoutSession
        {
            Id = id,
            AmountSubtotal = total,
            AmountTotal = total,
            CancelUrl = Address(form, "cancel_url"),
            ClientReferenceId = form.Text("client_reference_id", 200),
            Created = world.UnixNow,
            Currency = currency,
            Customer = KnownCustomer(call),
            CustomerEmail = form.Text("customer_email", 800),
            ExpiresAt = ExpiresAt(form, world.UnixNow),
            Locale = form.Text("locale"),
            Metadata = form.Metadata(),
            SuccessUrl = Address(form, "success_url") ?? throw StripeRefusal.Missing("success_url"),
            Url = $"{call.BaseAddress}/pay/{id}",
            Items = items,
            Intent = ReadIntentData(form),
        };
        world.Sessions.Put(session);
        world.Agenda.Set(new(TimerKind.ExpireSession, id, session.ExpiresAt * 1000));
        return session;
    }

    private static object Expire(StripeCall call)
    {
        var session = Find(call);
        return session.IsOpen
            ? ExpireSession.Run(call.World, session, call)
            : throw StripeRefusal.State(
                null,
                "Only Checkout Sessions with a status in [\"open\"] can be expired. "
                + $"This Checkout Session has a status of `{session.Status}`.");
    }

    private static object List(StripeCall call)
    {
        var key = call.Form.Text("payment_intent") is { } intent ? $"payment_intent:{intent}" : null;
        return Page.Of(call.Form, "/v1/checkout/sessions", after => call.World.Sessions.NewestFirst(key, after), s => s.Created);
    }

    private static object LineItems(StripeCall call)
    {
        var session = Find(call);
        object[] items =
        [
            .. session.Items.Select(item => new
            {
                item.Id, @object = "item", amount_subtotal = item.AmountTotal, amount_total = item.AmountTotal, session.Currency,
                description = item.Name, item.Quantity,
            }),
        ];
        return new Page(items, false, $"/v1/checkout/sessions/{session.Id}/line_items");
    }

    private static CheckoutSession Find(StripeCall call) =>
        call.World.Sessions.Find(call.Id) ?? throw StripeRefusal.NoSuch("checkout.session", call.Id, "session");

    private static IntentData ReadIntentData(Form form) => new(
        form.OneOf("payment_intent_data[capture_method]", "automatic", "automatic_async", "manual") ?? "automatic",
        form.Text("payment_intent_data[description]", 1000),
        form.Text("payment_intent_data[transfer_group]"),
        form.Text("payment_intent_data[receipt_email]"),
        form.Text("payment_intent_data[statement_descriptor_suffix]", 22),
        form.Integer("payment_intent_data[application_fee_amount]"),
        form.Metadata("payment_intent_data[metadata]"),
        form.OneOf("payment_intent_data[setup_future_usage]", "on_session", "off_session"));

    private static string? KnownCustomer(StripeCall call) => call.Form.Text("customer") is not { } customer || call.World.Customers.Find(customer) is not null
        ? call.Form.Text("customer")
        : throw StripeRefusal.NoSuch("customer", customer, "customer", 400);

    private static long ExpiresAt(Form form, long now)
    {
        var asked = form.Integer("expires_at") ?? now + 24 * 60 * 60;
        if (asked < now + ShortestSeconds || asked > now + LongestSeconds)
        {
            throw StripeRefusal.Invalid(
                "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.",
                "expires_at");
        }

        return asked;
    }

    private static string? Address(Form form, string name)
    {
        var text = form.Text(name);
        var good = text is null || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == "http" || uri.Scheme == "https"));
        return good ? text : throw StripeRefusal.Invalid("Not a valid URL", name, "url_invalid");
    }
}
