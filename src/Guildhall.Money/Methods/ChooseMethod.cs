using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Methods;

/// <summary>Makes a kept method the default one of its gateway: it is offered first.</summary>
public static class ChooseMethod
{
    internal static void Map(IEndpointRouteBuilder methods) => methods
        .MapPost("/{id}/actions/choose", async (SavedMethodId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ChooseMethod)).RequiresSignIn();

    public static Task<Result<Done>> Run(Database database, Caller caller, SavedMethodId id, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (await SavedMethods.Lock(tx, caller.AccountId, id) is not { } method) return MoneyRefusals.SavedMethodNotFound;
        if (method.RemovedAt is not null) return MoneyRefusals.SavedMethodRemoved;
        if (method.IsDefault) return default(Done);
        await Mark(tx, method.AccountId, method.Gateway, id);
        await tx.Audit(caller, "payment_method.chosen", "payment_method", id.ToString(), after: new { account = method.AccountId });
        return default(Done);
    }, stop);

    internal static Task Mark(Transaction tx, Guid account, string gateway, SavedMethodId id) =>
        tx.ChangeOne("update money.gateway_customers set default_method = @id where account_id = @account and gateway = @gateway", new { account, gateway, id });
}
