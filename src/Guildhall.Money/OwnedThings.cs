using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money;

/// <summary>Whose orders, payments, invoices, withdrawals and kept methods are.</summary>
internal static class OwnedThings
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddOwned(OwnedThing.Of<OrderId>("order", "select @me not in (customer_id, provider_id) from money.orders where id = @id"));
        services.AddOwned(OwnedThing.Of<PaymentId>("payment", "select @me not in (o.customer_id, o.provider_id) from money.payments p join money.orders o on o.id = p.order_id where p.id = @id"));
        services.AddOwned(OwnedThing.Of<InvoiceId>("invoice", "select @me not in (buyer_id, provider_id) from money.invoices where id = @id"));
        services.AddOwned(OwnedThing.Of<WithdrawalId>("withdrawal", "select provider_id <> @me from money.withdrawals where id = @id"));
        services.AddOwned(OwnedThing.Of<SavedMethodId>("saved_method", "select account_id <> @me from money.saved_methods where id = @id"));
    }
}
