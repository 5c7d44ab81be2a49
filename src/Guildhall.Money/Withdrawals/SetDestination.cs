using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Withdrawals;

/// <summary>Where a provider's money goes. The account number is sealed and shown by its last four characters only; a change waits before it can
/// be used, the first details do not.</summary>
public static class SetDestination
{
    /// <summary>The holder's name and the account: an IBAN, or bank code and account number where IBANs are not used (8 to 34 letters and digits).</summary>
    public sealed record Body(string Holder, string Account);

    public sealed record View(DestinationId Id, string Hint, DateTimeOffset UsableFrom);

    private const string Purpose = "payout-destination";

    internal static void Map(IEndpointRouteBuilder providers)
    {
        providers.MapPut("/me/payout-destination", async (Body body, Caller caller, Database database, MasterKey master, CancellationToken stop) =>
            (await Run(database, master, caller, body, stop)).ToHttp()).WithName(nameof(SetDestination)).RequiresSignIn().Limited(RateClass.Money).ChecksSessionRow().Produces<View>();
        providers.MapGet("/me/payout-destination", async (Caller caller, Database database, CancellationToken stop) =>
            await Find(database, caller.AccountId!.Value, stop) is { } found ? Results.Ok(found) : MoneyRefusals.DestinationMissing.ToHttp()).WithName("ReadDestination").RequiresSignIn().Produces<View>();
    }

    public static Task<View?> Find(Database database, Guid provider, CancellationToken stop) =>
        database.Find<View>("select id, hint, usable_from from money.destinations where provider_id = @provider and retired_at is null", new { provider }, stop);

    public static Task<Result<View>> Run(Database database, MasterKey master, Caller caller, Body body, CancellationToken stop) => database.InTransaction<Result<View>>(async tx =>
    {
        var account = body.Account.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        if (body.Holder is not { Length: >= 2 and <= 70 } || account.Length is < 8 or > 34 || !account.All(char.IsAsciiLetterOrDigit) || !IbanHolds(account)) return MoneyRefusals.DestinationInvalid;
        var provider = caller.AccountId!.Value;
        await tx.Change("select pg_advisory_xact_lock(hashtextextended('destination:' || @provider::text, 0))", new { provider });
        var first = await tx.Get<bool>("select not exists (select 1 from money.destinations where provider_id = @provider)", new { provider });
        var cooling = first ? TimeSpan.Zero : TimeSpan.FromHours(await tx.Setting(MoneySettings.DestinationCoolingHours));

        var (id, hint, usableFrom) = (tx.NewId<DestinationId>(), "•••• " + account[^4..], tx.Now + cooling);
        await tx.Change("update money.destinations set retired_at = @now where provider_id = @provider and retired_at is null", new { provider, now = tx.Now });
        await tx.ChangeOne(Insert, new { id, provider, data = master.Seal(Purpose, id.ToString(), Encoding.UTF8.GetBytes($"{body.Holder}\n{account}")), hint, gateway = "stripe", now = tx.Now, usableFrom });
        await tx.Audit(caller, "destination.changed", "destination", id.ToString(), after: new { hint, usableFrom });
        return new View(id, hint, usableFrom);
    }, stop);

    // ISO 13616: an account that begins like an IBAN (two letters, two digits) must satisfy mod 97 = 1.
    private static bool IbanHolds(string account)
    {
        if (!char.IsAsciiLetter(account[0]) || !char.IsAsciiLetter(account[1]) || !char.IsAsciiDigit(account[2]) || !char.IsAsciiDigit(account[3])) return true;
        var remainder = 0;
        foreach (var c in account[4..] + account[..4])
            remainder = char.IsAsciiDigit(c) ? ((remainder * 10) + (c - '0')) % 97 : ((remainder * 100) + (c - 'A' + 10)) % 97;
        return remainder == 1;
    }

    private const string Insert = """
        insert into money.destinations (id, provider_id, holder_sealed, hint, gateway, created_at, usable_from) values (@id, @provider, @data, @hint, @gateway, @now, @usableFrom)
        """;
}
