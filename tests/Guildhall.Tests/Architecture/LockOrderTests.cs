using System.Collections.Concurrent;
using Guildhall.Foundation.Data;

namespace Guildhall.Tests.Architecture;

/// <summary>Every transaction of the story takes its locks in the one order: listened to while it runs.</summary>
public sealed class LockOrderTests(World world) : IClassFixture<World>
{
    private readonly ConcurrentDictionary<Transaction, List<string>> _heard = new();

    [Fact]
    public async Task Every_use_case_of_the_story_takes_its_locks_in_the_one_order()
    {
        foreach (var database in world.Everywhere<Database>()) database.Overheard = Listen;
        var (seller, customer, finance) = (await world.Provider(), await world.Customer(), await world.Staff("finance"));

        (await customer.Post($"bookings/{(await customer.Books(seller)).Word("id")}/actions/cancel", new { })).Must(); // an unpaid hold
        (await customer.Post($"bookings/{(await customer.BooksAndPays(seller)).Word("id")}/actions/cancel", new { })).Must(); // in time
        await customer.Pays(await customer.Books(seller), "decline");
        var (soon, kept, open) = (await customer.BooksAndPays(seller), await customer.BooksAndPays(seller), await customer.Books(seller));
        await world.Clock.Passes(11.Minutes());
        await customer.SignsIn();
        await customer.SeesBookingBecome(open, "expired");

        var free = (await customer.Get($"bookings/{kept.Word("id")}/slots?days=3")).Must().At("days.2.slots.0.start").GetString();
        kept = (await customer.Post($"bookings/{kept.Word("id")}/actions/move", new { revision = kept.At("revision").GetInt32(), start = free })).Must();
        await world.Clock.Passes(kept.At("startsAt").GetDateTimeOffset() - world.Clock.Now - 5.Minutes());
        await customer.SignsIn();
        (await customer.Post($"bookings/{kept.Word("id")}/actions/cancel", new { })).Must(); // too late: the provider keeps a part
        await seller.Completes(soon);
        await customer.SignsIn();
        var missed = await customer.BooksAndPays(seller);
        await world.Clock.Passes(missed.At("startsAt").GetDateTimeOffset() - world.Clock.Now + 20.Minutes());
        foreach (var person in new[] { customer, seller.Person }) await person.SignsIn();
        (await seller.Person.Post($"bookings/{missed.Word("id")}/absence", new { })).Must(201);
        (await customer.Post($"bookings/{missed.Word("id")}/absence/actions/answer", new { agrees = true })).Must(); // the provider keeps a part
        var withdrawal = (await seller.Person.TriesToWithdraw(new Amount(10_000, seller.Price.Currency))).Must(201);
        await finance.SignsIn();
        (await finance.Decides(withdrawal, "approve")).Must();
        await seller.Person.SeesWithdrawalBecome(withdrawal, "completed");
        await world.JobsAreDone();

        _heard.Values.Count(t => t.Any(sql => sql.Contains("money.", StringComparison.Ordinal))).ShouldBeGreaterThan(20, "nothing was heard");
        Guard.Holds(_heard.Values.SelectMany(LockOrder.Check));
    }

    [Theory]
    [InlineData("select money.post_journal(@reference) of a provider", "select o.id from money.orders o where o.id = @id for update", "takes a order after a balance")]
    [InlineData("update marketplace.claims set state = 'x'", "select b.id from marketplace.bookings b where b.id = @id for update of b", "takes a payment, guard or booking after a claim")]
    [InlineData("select money.lock_balance(@kind)", "select pg_advisory_xact_lock(k.key) from unnest(@keys) k", "takes a resource after a balance")]
    public void A_lock_out_of_order_is_reported(string first, string second, string what)
    {
        Guard.Reports(LockOrder.Check([first, second]), what);
        LockOrder.Check([second, first, second]).ShouldBeEmpty();
    }

    // A journal locks a balance only when it names a provider.
    private void Listen(Transaction tx, string sql, object? args)
    {
        var ofAProvider = sql.Contains("post_journal", StringComparison.Ordinal) && args?.GetType().GetProperty("owners")?.GetValue(args) is Guid?[] owners && owners.Any(o => o is not null);
        var statements = _heard.GetOrAdd(tx, _ => []);
        lock (statements) statements.Add(ofAProvider ? sql + " of a provider" : sql);
    }
}
