using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.PayPal;

/// <summary><c>/v2/checkout/orders</c>: create, read, capture, authorize.</summary>
internal static class PayPalOrders
{
    public static void Map(PayPalApi api)
    {
        api.Post("/v2/checkout/orders", Create);
        api.Get("/v2/checkout/orders/{id}", call => PayPalAnswer.Ok(PayPalWire.Order(PayPalLater.AsItStands(call.World, call.Order(call.Id)))));
        api.Post("/v2/checkout/orders/{id}/capture", call => Take(call, "CAPTURE"));
        api.Post("/v2/checkout/orders/{id}/authorize", call => Take(call, "AUTHORIZE"));
    }

    private static PayPalAnswer Create(PayPalCall call)
    {
        var body = call.Body;
        var intent = PayPalCall.OneOf(body, "intent", "order", "CAPTURE", "AUTHORIZE") ?? throw PayPalRefusal.Invalid("MISSING_REQUIRED_PARAMETER", "A required field is missing: intent.");
        if (body["purchase_units"] is not JsonArray { Count: >= 1 and <= 10 } units) throw PayPalRefusal.Invalid("INVALID_ARRAY_MIN_ITEMS", "purchase_units has 1 to 10 items.");
        if (units is not [JsonObject unit]) throw PayPalRefusal.Invalid("NOT_SUPPORTED", "This sandbox only knows orders of one purchase unit.");
        if (body["payment_source"] is not JsonObject source || source["paypal"] is not JsonObject wallet || wallet["experience_context"] is not JsonObject experience)
            throw PayPalRefusal.Invalid("NOT_SUPPORTED", "This sandbox only knows payment_source.paypal with an experience_context.");
        if (!call.HasKey) throw PayPalRefusal.Invalid("PAYPAL_REQUEST_ID_REQUIRED", "A PayPal-Request-Id is required if you are trying to process payment for an Order with a payment_source.");
        PayPalCall.OneOf(experience, "user_action", "experience_context", "CONTINUE", "PAY_NOW");
        PayPalCall.OneOf(experience, "shipping_preference", "experience_context", "GET_FROM_FILE", "NO_SHIPPING", "SET_PROVIDED_ADDRESS");
        PayPalCall.OneOf(experience, "landing_page", "experience_context", "LOGIN", "GUEST_CHECKOUT", "NO_PREFERENCE");
        var (currency, value) = PayPalMoney.Read(unit["amount"], "purchase_units[0].amount");
        var order = new PayPalOrder
        {
            Id = PayPalIds.New(), Intent = intent, Status = "PAYER_ACTION_REQUIRED", Currency = currency, Value = value, Base = call.Base, Created = call.World.Now, Updated = call.World.Now,
            CustomId = PayPalCall.Text(unit, "custom_id", "purchase_units[0]", 127), Description = PayPalCall.Text(unit, "description", "purchase_units[0]", 127),
            ReturnUrl = Address(experience, "return_url"), CancelUrl = Address(experience, "cancel_url"),
        };
        call.World.PayPalOrders.Put(order);
        return PayPalAnswer.Made(call.WantsAll ? PayPalWire.Order(order) : PayPalWire.Minimal(order));
    }

    private static PayPalAnswer Take(PayPalCall call, string intent)
    {
        var (world, order) = (call.World, call.Order(call.Id));
        if (order.Intent != intent) throw PayPalRefusal.Cannot("ACTION_DOES_NOT_MATCH_INTENT", "Order was created with another intent.");
        if (order.Status == "COMPLETED")
            throw PayPalRefusal.Cannot(intent == "CAPTURE" ? "ORDER_ALREADY_CAPTURED" : "ORDER_ALREADY_AUTHORIZED", "Order was taken already.");
        if (order.Status != "APPROVED") throw PayPalRefusal.Cannot("ORDER_NOT_APPROVED", "Payer has not yet approved the Order for payment.");
        if (order.Funds == "declined" || TakeDecline(world))
        {
            world.PayPalOrders.Put(order with { Funds = "declined" }); // until the customer chooses something else
            throw PayPalRefusal.Cannot("INSTRUMENT_DECLINED", "The instrument presented was either declined by the processor or bank, or it can't be used for this payment.", kept: true);
        }
        var kind = intent == "CAPTURE" ? "capture" : "authorization";
        var pending = order.Funds == "pending";
        var part = new PayPalPart(kind, PayPalIds.New(), pending ? "PENDING" : intent == "CAPTURE" ? "COMPLETED" : "CREATED", order.Value, order.CustomId, null, world.Now, world.Now, pending ? "ECHECK" : null);
        order = (order with { Status = "COMPLETED", Updated = world.Now }).With(part);
        world.PayPalOrders.Put(order);
        if (pending) PayPalLater.Settle(world, part.Id);
        PayPalTells.Of(world, order, part, $"PAYMENT.{kind.ToUpperInvariant()}.{part.Status}");
        return PayPalAnswer.Made(PayPalWire.Order(order));
    }

    /// <summary>What the customer does on the page. Null: there is nothing to approve any more.</summary>
    public static PayPalOrder? Approve(World world, string id, string funds)
    {
        if (world.PayPalOrders.Find(id) is not { Status: "PAYER_ACTION_REQUIRED" or "APPROVED" } order || order.HasLapsed(world.Now)) return null;
        var approved = order with { Status = "APPROVED", Funds = funds, Updated = Later(world.Now, order.Updated) };
        world.PayPalOrders.Put(approved);
        PayPalTells.OfOrder(world, approved, "CHECKOUT.ORDER.APPROVED");
        return approved;
    }

    // A second approval in the same second is another one all the same.
    private static DateTimeOffset Later(DateTimeOffset now, DateTimeOffset before) => now > before.AddSeconds(1) ? now : before.AddSeconds(1);

    private static string Address(JsonObject from, string name) =>
        Uri.TryCreate(PayPalCall.Text(from, name, "experience_context", 2000), UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address.AbsoluteUri : throw PayPalRefusal.Invalid("INVALID_PARAMETER_SYNTAX", $"experience_context.{name} is no address.");

    private static bool TakeDecline(World world)
    {
        if (world.Faults.DeclineNext == 0) return false;
        world.FaultSettings.Put(world.Faults with { DeclineNext = world.Faults.DeclineNext - 1 });
        return true;
    }
}
