using Guildhall.Sandbox.Stripe.Effects;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

/// <summary>Customers and the cards kept for them.</summary>
internal static class Customers
{
    public static void Map(StripeApi api)
    {
        api.Post("/v1/customers", Create, "description", "email", "metadata", "name", "phone", "preferred_locales");
        api.Get("/v1/customers/{id}", call => call.World.Customers.Find(call.Id) ?? throw StripeRefusal.NoSuch("customer", call.Id));
        api.Get("/v1/payment_methods", call => Page.Of(
            call.Form, "/v1/payment_methods", after => call.World.Methods.NewestFirst($"customer:{call.Form.Required("customer")}", after), method => method.Created));
        api.Get("/v1/payment_methods/{id}", call => Find(call));
        api.Post("/v1/payment_methods/{id}/detach", Detach);
    }

    private static object Create(StripeCall call)
    {
        var customer = new Customer
        {
            Id = Ids.New("cus_", 14), Created = call.World.UnixNow, Email = call.Form.Text("email", 512), Name = call.Form.Text("name", 256), Metadata = call.Form.Metadata(),
        };
        call.World.Customers.Put(customer);
        return customer;
    }

    private static object Detach(StripeCall call)
    {
        var method = Find(call);
        return MakeMethod.Detach(call.World, method.Id)
            ? call.World.Methods.Find(method.Id)!
            : throw StripeRefusal.State(null, "The payment method you provided is not attached to a customer so detachment is impossible.");
    }

    private static PaymentMethod Find(StripeCall call) =>
        call.World.Methods.Find(call.Id) ?? throw StripeRefusal.NoSuch("PaymentMethod", call.Id, "payment_method");
}
