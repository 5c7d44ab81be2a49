using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;

namespace Guildhall.Money.Methods;

/// <summary>The customer asked to keep what they paid with, and the payment went through: the gateway is asked what it kept, and for whom. What a browser
/// says of it is nowhere read.</summary>
public sealed record KeepMethod(PaymentId Payment) : IJob
{
    public static string Kind => "keep_method";

    private static readonly Caller Source = Caller.System("method_keeper");
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(2);

    internal static async Task Run(JobContext context, KeepMethod job)
    {
        if (await Payments.Payments.Find(context.Database, job.Payment, context.Stop) is not { KeepMethod: true, GatewayRef: { } reference } payment) return;
        var answer = await context.Get<GatewayBook>().Of(payment.Gateway).Methods.KeptBy(payment.Id, reference, context.Stop);
        if (answer is GatewayAnswer<KeptMethod?>.Unknown) throw new RunAgainException(Pause);
        var kept = answer is GatewayAnswer<KeptMethod?>.Accepted(var found) ? found : null;
        await context.Database.InTransaction(tx => Record(tx, payment, kept), context.Stop);
    }

    private static async Task Record(Transaction tx, Payment payment, KeptMethod? kept)
    {
        var customer = await SavedMethods.LockCustomer(tx, payment.CustomerId, payment.Gateway);
        if (kept is null || !string.Equals(kept.Customer, customer, StringComparison.Ordinal))
        {
            await Timeline.Note(tx, Source, payment.Id, "method_not_kept");
            return;
        }
        if (await tx.Get<bool>("select exists (select 1 from money.saved_methods where gateway = @Gateway and token = @Token)", new { payment.Gateway, kept.Token })) return; // removed since, perhaps
        var all = await SavedMethods.OfLocked(tx, payment.CustomerId, payment.Gateway);
        var same = kept.Fingerprint is null ? null : all.FirstOrDefault(m => string.Equals(m.Fingerprint, kept.Fingerprint, StringComparison.Ordinal));
        var id = tx.NewId<SavedMethodId>();
        await tx.ChangeOne(Insert, new
        {
            id, payment.CustomerId, payment.Gateway, kept.Token, kept.Brand, kept.Last4, kept.ExpMonth, kept.ExpYear, kept.Fingerprint, payment = payment.Id, now = tx.Now,
        });
        if (same is not null) await RemoveMethod.Mark(tx, Source, same, "replaced");
        if (same is { IsDefault: true } || !all.Any(m => m.IsDefault)) await ChooseMethod.Mark(tx, payment.CustomerId, payment.Gateway, id);
        await Timeline.Note(tx, Source, payment.Id, "method_kept", new { method = id, kept.Brand, kept.Last4 });
        await tx.Audit(Source, "payment_method.saved", "payment_method", id.ToString(), after: new { account = payment.CustomerId, payment.Gateway, kept.Brand, kept.Last4, payment = payment.Id });
        await tx.Publish(new SavedMethodChanged(id, payment.CustomerId, Removed: false));
    }

    private const string Insert = """
        insert into money.saved_methods (id, account_id, gateway, token, brand, last4, exp_month, exp_year, fingerprint, payment_id, saved_at)
        values (@id, @CustomerId, @Gateway, @Token, @Brand, @Last4, @ExpMonth, @ExpYear, @Fingerprint, @payment, @now)
        """;
}
