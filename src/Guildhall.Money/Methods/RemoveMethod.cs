using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Methods;

/// <summary>The owner removes a kept method: no payment begins with it from the commit on, and the gateway is told by a job to forget it. A payment that
/// began before goes on; the customer's row decides which came first.</summary>
public static class RemoveMethod
{
    internal static void Map(IEndpointRouteBuilder methods) => methods
        .MapDelete("/{id}", async (SavedMethodId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(RemoveMethod)).RequiresSignIn();

    /// <summary>Removing it again is nothing.</summary>
    public static Task<Result<Done>> Run(Database database, Caller caller, SavedMethodId id, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (await SavedMethods.Lock(tx, caller.AccountId, id) is not { } method) return MoneyRefusals.SavedMethodNotFound;
        if (method.RemovedAt is null) await Mark(tx, caller, method, "customer");
        return default(Done);
    }, stop);

    /// <summary>The customer's row is locked. The newest of the others becomes the default one.</summary>
    internal static async Task Mark(Transaction tx, Caller caller, SavedMethod method, string why)
    {
        await tx.ChangeOne("update money.saved_methods set removed_at = @now, removed_why = @why where id = @Id and removed_at is null", new { method.Id, why, now = tx.Now });
        if (method.IsDefault) await tx.ChangeOne(ChooseNext, new { method.AccountId, method.Gateway });
        await tx.Audit(caller, "payment_method.removed", "payment_method", method.Id.ToString(), before: new { account = method.AccountId, method.Brand, method.Last4 }, why: why);
        await tx.Publish(new SavedMethodChanged(method.Id, method.AccountId, Removed: true));
        await tx.Enqueue(new ForgetMethod(method.Id), uniqueKey: method.Id.ToString());
    }

    private const string ChooseNext = """
        update money.gateway_customers c set default_method =
            (select m.id from money.saved_methods m where m.account_id = c.account_id and m.gateway = c.gateway and m.removed_at is null order by m.id desc limit 1)
        where c.account_id = @AccountId and c.gateway = @Gateway
        """;
}
