using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;

namespace Guildhall.Money.Methods;

/// <summary>Asks the gateway about a kept method: its bank may have given out a new card, or the gateway may keep it no longer. Messages about it and
/// refused charges only make us ask, so that their order does not matter.</summary>
public sealed record AskAboutMethod(SavedMethodId Method) : IJob
{
    public static string Kind => "ask_about_method";

    private static readonly Caller Source = Caller.System("method_keeper");
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    internal static async Task<Refusal?> Hear(Transaction tx, Caller gateway, MethodFact fact)
    {
        if (await tx.Find<SavedMethodId?>("select id from money.saved_methods where gateway = @gateway and token = @Token", new { gateway = gateway.Name, fact.Token }) is not { } id)
            return MoneyRefusals.SavedMethodNotFound;
        await tx.Enqueue(new AskAboutMethod(id), uniqueKey: id.ToString());
        return null;
    }

    internal static async Task Run(JobContext context, AskAboutMethod job)
    {
        if (await SavedMethods.Find(context.Database, job.Method, context.Stop) is not { RemovedAt: null } method) return;
        var answer = await context.Get<GatewayBook>().Of(method.Gateway).Methods.Read(method.Token, context.Stop);
        if (answer is not GatewayAnswer<KeptMethod?>.Accepted(var kept)) throw new RunAgainException(Pause);
        await context.Database.InTransaction(tx => Record(tx, method, kept), context.Stop);
    }

    private static async Task Record(Transaction tx, SavedMethod seen, KeptMethod? kept)
    {
        if (await SavedMethods.Lock(tx, seen.AccountId, seen.Id) is not { RemovedAt: null } method) return;
        if (kept is null || !string.Equals(kept.Customer, method.Customer, StringComparison.Ordinal)) await RemoveMethod.Mark(tx, Source, method, "gateway");
        else if ((kept.Brand, kept.Last4, kept.ExpMonth, kept.ExpYear) != (method.Brand, method.Last4, method.ExpMonth, method.ExpYear))
        {
            await tx.ChangeOne(Renew, new { method.Id, kept.Brand, kept.Last4, kept.ExpMonth, kept.ExpYear, kept.Fingerprint });
            await tx.Audit(Source, "payment_method.renewed", "payment_method", method.Id.ToString(), before: new { method.Last4, method.ExpMonth, method.ExpYear }, after: new { kept.Last4, kept.ExpMonth, kept.ExpYear });
        }
    }

    private const string Renew = """
        update money.saved_methods set brand = @Brand, last4 = @Last4, exp_month = @ExpMonth, exp_year = @ExpYear, fingerprint = @Fingerprint where id = @Id and removed_at is null
        """;
}
