using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Messaging;
using Guildhall.Money.Payouts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Withdrawals;

/// <summary>Where a provider's money goes: a bank account, or where it is set up PayPal or M-Pesa. The details are sealed and shown by a hint only; a change waits before it can be used,
/// the first details do not, and the provider is told of it.</summary>
public static class SetDestination
{
    /// <summary>Of a bank account the holder's name and the account: an IBAN, or where IBANs are not used the account number (8 to 34 letters and digits) with
    /// the country (ISO 3166) and the bank's code there. Of PayPal the account is its e-mail address, of M-Pesa a Kenyan mobile number, and nothing
    /// else is read.</summary>
    public sealed record Body(string? Holder = null, string? Account = null, string? Country = null, string? BankCode = null, DestinationKind Kind = DestinationKind.Bank);

    /// <summary><c>ToConfirm</c>: money came back from there; nothing more is sent until the provider confirms it.</summary>
    public sealed record View(DestinationId Id, string Hint, DateTimeOffset UsableFrom, bool ToConfirm, DestinationKind Kind);

    internal static void Map(IEndpointRouteBuilder providers)
    {
        providers.MapPut("/me/payout-destination", async (Body body, Caller caller, Database database, Rails rails, MasterKey master, CancellationToken stop) =>
            (await Run(database, rails, master, caller, body, stop)).ToHttp()).WithName(nameof(SetDestination)).RequiresSignIn().RequiresStepUp().Limited(RateClass.Money).Produces<View>();
        providers.MapGet("/me/payout-destination", async (Caller caller, Database database, CancellationToken stop) =>
            await Find(database, caller.AccountId!.Value, stop) is { } found ? Results.Ok(found) : MoneyRefusals.DestinationMissing.ToHttp()).WithName("ReadDestination").RequiresSignIn().NotWhileImpersonating().Produces<View>();
    }

    public static Task<View?> Find(Database database, Guid provider, CancellationToken stop) =>
        database.Find<View>("select id, hint, usable_from, flagged_at is not null as to_confirm, kind from money.destinations where provider_id = @provider and retired_at is null", new { provider }, stop);

    public static Task<Result<View>> Run(Database database, Rails rails, MasterKey master, Caller caller, Body body, CancellationToken stop) => database.InTransaction<Result<View>>(async tx =>
    {
        if (!rails.Kinds.Contains(body.Kind)) return MoneyRefusals.DestinationNotOffered.With(("offered", rails.Kinds));
        if (!ReadDestination.Of(body).Is(out var bank, out var refusal)) return refusal;
        var provider = caller.AccountId!.Value;
        await tx.Change("select pg_advisory_xact_lock(hashtextextended('destination:' || @provider::text, 0))", new { provider });
        var first = await tx.Get<bool>("select not exists (select 1 from money.destinations where provider_id = @provider)", new { provider });
        var cooling = first ? TimeSpan.Zero : TimeSpan.FromHours(await tx.Setting(MoneySettings.DestinationCoolingHours));

        var (id, hint, usableFrom) = (tx.NewId<DestinationId>(), bank.Hint, tx.Now + cooling);
        await tx.Change("update money.destinations set retired_at = @now where provider_id = @provider and retired_at is null", new { provider, now = tx.Now });
        await tx.ChangeOne(Insert, new { id, provider, kind = bank.Kind, data = bank.Seal(master, id), hint, now = tx.Now, usableFrom });
        await tx.Audit(caller, "destination.changed", "destination", id.ToString(), after: new { bank.Kind, hint, usableFrom });
        if (!first)
            await Notify.Person(tx, provider, "destination_changed", new Dictionary<string, string>(StringComparer.Ordinal) { ["hint"] = hint, ["link"] = "/desk/money/bank" }, uniqueKey: id.ToString());
        return new View(id, hint, usableFrom, ToConfirm: false, bank.Kind);
    }, stop);

    private const string Insert = """
        insert into money.destinations (id, provider_id, kind, holder_sealed, hint, created_at, usable_from, changed_by) values (@id, @provider, @kind, @data, @hint, @now, @usableFrom, @provider)
        """;
}

/// <summary>A provider says that the bank details from which money came back are right all the same.</summary>
public static class ConfirmDestination
{
    internal static void Map(IEndpointRouteBuilder providers) => providers
        .MapPost("/me/payout-destination/actions/confirm", async (Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, stop)).ToHttp())
        .WithName(nameof(ConfirmDestination)).RequiresSignIn().Limited(RateClass.Money).ChecksSessionRow().Produces<SetDestination.View>();

    public static async Task<Result<SetDestination.View>> Run(Database database, Caller caller, CancellationToken stop)
    {
        var provider = caller.AccountId!.Value;
        await database.InTransaction(async tx =>
        {
            var id = await tx.Find<DestinationId?>("select id from money.destinations where provider_id = @provider and retired_at is null and flagged_at is not null for update", new { provider });
            if (id is null) return;
            await tx.ChangeOne("update money.destinations set flagged_at = null, flag_reason = null where id = @id", new { id });
            await tx.Audit(caller, "destination.confirmed", "destination", id.Value.ToString());
        }, stop);
        return await SetDestination.Find(database, provider, stop) is { } found ? found : MoneyRefusals.DestinationMissing;
    }
}
