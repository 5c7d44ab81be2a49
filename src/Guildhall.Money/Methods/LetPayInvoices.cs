using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Methods;

/// <summary>The owner lets invoices be paid with a kept method without being there, or takes that back. Invoices issued from then on follow it.</summary>
public static class LetPayInvoices
{
    public sealed record Body(bool Allowed);

    internal static void Map(IEndpointRouteBuilder methods) => methods
        .MapPost("/{id}/actions/let-pay-invoices", async (SavedMethodId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, body.Allowed, stop)).ToHttp())
        .WithName(nameof(LetPayInvoices)).RequiresSignIn();

    public static Task<Result<Done>> Run(Database database, Caller caller, SavedMethodId id, bool allowed, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (await SavedMethods.Lock(tx, caller.AccountId, id) is not { } method) return MoneyRefusals.SavedMethodNotFound;
        if (method.RemovedAt is not null) return MoneyRefusals.SavedMethodRemoved;
        if (method.PaysInvoices == allowed) return default(Done);
        await tx.ChangeOne("update money.saved_methods set invoices_since = case when @allowed then @now end where id = @id", new { id, allowed, now = tx.Now });
        await tx.Audit(caller, allowed ? "payment_method.may_pay_invoices" : "payment_method.may_not_pay_invoices", "payment_method", id.ToString(), after: new { account = method.AccountId });
        return default(Done);
    }, stop);
}
