using Guildhall.Money;
using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;
using Guildhall.Tests.Money.Withdrawals;
using static Guildhall.Money.Payouts.RecordBankResult;

namespace Guildhall.Tests.Money.Payouts;

public sealed class BatchTests(BatchWorld world) : IClassFixture<BatchWorld>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await world.StartsByFile();
        await world.Database.Execute("update money.withdrawals set held_code = 'over_maximum' where state = 'approved'"); // what earlier tests left
    }

    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-14", "money-75")]
    public async Task A_batch_goes_from_two_people_to_the_bank_and_back_and_its_file_is_the_same_for_ever()
    {
        await world.Says(MoneySettings.PayoutFee, "KWD 0.250");
        var (first, second) = (await world.Approved(20_250), await world.Approved(10_251));
        var built = (await world.Builds()).OrThrow();
        (built.Count, built.Total.Minor, built.State).ShouldBe((2, 30_001, BatchState.Built));
        (await world.Approves(built, BatchWorld.Builder)).Refusal!.Code.ShouldBe("batch_own");
        (await world.Sends(built)).Refusal!.Code.ShouldBe("batch_state_wrong");
        (await world.Approves(built with { Revision = 9 })).Refusal!.Code.ShouldBe("batch_changed_meanwhile");
        var approved = (await world.Approves(built)).OrThrow();
        (await ReadBatches.Download(world.Data(), MoneyWorld.Staff, built.Id, default)).ShouldBeNull();
        var sent = (await world.Sends(approved)).OrThrow();
        var bytes = (await ReadBatches.Download(world.Data(), MoneyWorld.Staff, sent.Id, default))!.Body;
        (await world.Sends(approved, 1)).OrThrow().Sha256.ShouldBe(sent.Sha256);
        (await ReadBatches.Download(world.Data(1), MoneyWorld.Staff, sent.Id, default))!.Body.ShouldBe(bytes);
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)).ShouldBe(sent.Sha256);

        var file = await world.File(sent);
        BatchWorld.All(file, "CtrlSum").ShouldBe(["30.001", "30.001"]);
        BatchWorld.All(file, "EndToEndId").ShouldBe([first.Approved.Payout!.Value.Value.ToString("N"), second.Approved.Payout!.Value.Value.ToString("N")]);
        (BatchWorld.Sum(file), BatchWorld.All(file, "NbOfTxs")[0]).ShouldBe((30.001m, "2"));
        (await world.Now(first.Approved.Id)).State.ShouldBe(WithdrawalState.Processing);
        await world.Books.MustHold();

        (await world.Learns(StripeEvent.Payout(first.Approved.Payout.Value, "paid", first.Approved.Net.Minor))).ShouldBe("unmatched"); // a gateway tells of its own only
        (await world.Now(first.Approved.Id)).State.ShouldBe(WithdrawalState.Processing);
        (await world.BankSays("line-1", first.Approved, Outcome.Paid)).OrThrow();
        (await world.BankSays("line-1", first.Approved, Outcome.Paid)).OrThrow();
        (await world.BankSays("line-1", first.Approved, Outcome.Returned)).Refusal!.Code.ShouldBe("bank_result_taken");
        (await world.BankSays("line-2", second.Approved, Outcome.Paid, 10_002)).Refusal!.Code.ShouldBe("bank_result_amount");
        (await world.BankSays("line-1 again", first.Approved, Outcome.Paid)).Refusal!.Code.ShouldBe("bank_result_repeated");
        (await world.Now(first.Approved.Id)).State.ShouldBe(WithdrawalState.Completed);
        (await world.Seen(sent.Id)).State.ShouldBe(BatchState.Sent);
        (await world.BankSays("line-3", second.Approved, Outcome.Returned, note: "AC04 closed")).OrThrow();
        await Eventually.True(async () => (await world.Seen(sent.Id)).State == BatchState.Settled, "The batch was not settled.");
        (await world.Books.Has(second.Provider)).ShouldBe(85_000);
        (await SetDestination.Find(world.Data(), second.Provider.AccountId!.Value, default))!.ToConfirm.ShouldBeTrue();
        (await world.BankSays("line-4", first.Approved, Outcome.Returned, note: "AC04 closed")).OrThrow(); // three days later
        (await world.BankSays("line-5", first.Approved, Outcome.Returned, note: "AC04 closed")).Refusal!.Code.ShouldBe("bank_result_repeated");
        (await world.Books.Has(first.Provider)).ShouldBe(85_000);
        (await world.Gateway.Did("transfers")).ShouldNotContain(t => t.GetProperty("metadata").GetProperty("payout_id").GetString() == first.Approved.Payout.ToString());
    }

    [Fact]
    [Covers("money-77", "money-71", "money-76")]
    public async Task What_may_not_go_any_more_is_taken_out_and_the_others_go_with_totals_of_what_is_left()
    {
        var (good, suspended, changed) = (await world.Approved(), await world.Approved(30_000), await world.Approved(40_000));
        var approved = (await world.Approves((await world.Builds()).OrThrow())).OrThrow();
        approved.Total.Minor.ShouldBe(90_000);
        await world.Suspends(suspended.Provider);
        await world.Bank(changed.Provider);
        var sent = (await world.Sends(approved)).OrThrow();
        (sent.Count, sent.Excluded, sent.Total.Minor).ShouldBe((1, 2, 20_000));
        var file = await world.File(sent);
        BatchWorld.All(file, "CtrlSum").ShouldBe(["20.000", "20.000"]);
        BatchWorld.All(file, "EndToEndId").ShouldBe([good.Approved.Payout!.Value.Value.ToString("N")]);
        (await world.Now(suspended.Approved.Id)).Held.ShouldBe(Hold.ProviderSuspended);
        (await world.Now(changed.Approved.Id)).Held.ShouldBe(Hold.DestinationChanged);
        (await world.BankSays("early", suspended.Approved, Outcome.Paid)).Refusal!.Code.ShouldBe("bank_result_too_early");

        await world.Suspends(suspended.Provider, on: false);
        var held = await world.Now(suspended.Approved.Id);
        (await ResumeWithdrawal.Run(world.Data(), world.Rails, MoneyWorld.Staff, held.Id, new(held.Revision, false, "Reactivated."), default)).OrThrow();
        var next = await world.Sent();
        BatchWorld.All(await world.File(next), "EndToEndId").ShouldBe([suspended.Approved.Payout!.Value.Value.ToString("N")]);
    }

    [Fact]
    [Covers("money-68", "money-75")]
    public async Task Two_who_build_at_once_put_no_payout_into_two_batches_and_two_who_send_make_one_file()
    {
        for (var i = 0; i < 3; i++) await world.Approved();
        var built = await Task.WhenAll(world.Builds(), world.Builds(1, MoneyWorld.Person("*")));
        built.Where(b => b.Granted).Sum(b => b.Value!.Count).ShouldBe(3);
        built.Where(b => !b.Granted).ShouldAllBe(b => b.Refusal!.Code == "batch_empty");
        foreach (var batch in built.Where(b => b.Granted).Select(b => b.Value!))
        {
            var approved = (await world.Approves(batch)).OrThrow();
            await using var gate = await Gate.Close(world.Database, "select 1 from money.payout_batches where id = $1 for update", batch.Id.Value);
            var sends = new[] { world.Sends(approved), world.Sends(approved, 1) };
            await gate.OpenWhenWaiting(2);
            (await Task.WhenAll(sends)).Select(s => s.OrThrow().Sha256).Distinct().Count().ShouldBe(1);
            (await world.Database.Count("foundation.audit where subject_id = $1 and action = 'batch.sent'", batch.Id.ToString())).ShouldBe(1);
        }
    }

    [Fact]
    [Covers("money-68")]
    public async Task The_database_refuses_a_payout_in_two_batches_a_second_payout_and_a_changed_file()
    {
        var (_, approved) = await world.Approved();
        var built = (await world.Builds()).OrThrow();
        async Task Refuses(string state, string sql, params object[] args) => (await Should.ThrowAsync<Npgsql.PostgresException>(() => world.Database.Execute(sql, args))).SqlState.ShouldBe(state);
        var other = Guid.NewGuid();
        await world.Database.Execute("insert into money.payout_batches (id, currency, state, execute_on, built_by, built_at) values ($1, 'KWD', 'built', current_date, gen_random_uuid(), now())", other);
        await Refuses("23505", "insert into money.payout_batch_items (batch_id, payout_id, no, minor) values ($1, $2, 1, 1)", other, approved.Payout!.Value.Value);
        await Refuses("23505", "insert into money.payouts (id, withdrawal_id, gateway, state, created_at, changed_at) values (gen_random_uuid(), $1, 'stripe', 'created', now(), now())", approved.Id.Value);
        await Refuses("23514", "update money.payout_batches set state = 'approved' where id = $1", built.Id.Value);
        await Refuses("23514", "update money.payout_batches set state = 'approved', approved_by = built_by where id = $1", built.Id.Value);
        var asApp = () => world.Data().Change("update money.payout_files set body = body", default, default);
        (await Should.ThrowAsync<Npgsql.PostgresException>(asApp)).SqlState.ShouldBe("42501");
        (await DiscardBatch.Run(world.Data(), MoneyWorld.Staff, built.Id, built.Revision, default)).OrThrow().Count.ShouldBe(0);
        (await world.Builds()).OrThrow().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_name_that_no_bank_can_read_is_held_and_one_with_marks_loses_them()
    {
        var (unreadable, marked) = (await world.Approved(holder: "عمر"), await world.Approved(holder: "Zoë Müller & Łukasz"));
        var sent = await world.Sent();
        BatchWorld.All(await world.File(sent), "Nm").Last().ShouldBe("Zoe Muller + Lukasz");
        (sent.Count, (await world.Now(unreadable.Approved.Id)).Held, marked.Approved.Rail).ShouldBe((1, Hold.DestinationUnfit, "bank_file"));
    }

    [Fact]
    public async Task An_older_bank_gets_the_older_version()
    {
        await world.Says(MoneySettings.BankFileVersion, "001.001.03");
        await world.Approved();
        (await world.File(await world.Sent())).Root!.Name.NamespaceName.ShouldEndWith("pain.001.001.03");
    }

    [Theory]
    [InlineData("built", "approved", "built", "discarded")]
    [InlineData("approved", "approved", "sent", "discarded")]
    [InlineData("sent", "sent", "sent", "sent")]
    [InlineData("discarded", "discarded", "discarded", "discarded")]
    [Covers("M-14")]
    public async Task A_batch_goes_where_the_readme_says(string state, params string[] ends)
    {
        Readme.Table("Batch").Single(r => r[0] == state).Skip(1).Take(3).ShouldBe(ends);
        for (var act = 0; act < 3; act++)
        {
            await world.Approved();
            var seen = (await world.Builds()).OrThrow();
            if (state is "approved" or "sent") seen = (await world.Approves(seen)).OrThrow();
            if (state is "sent") seen = (await world.Sends(seen)).OrThrow();
            if (state is "discarded") seen = (await DiscardBatch.Run(world.Data(), MoneyWorld.Staff, seen.Id, seen.Revision, default)).OrThrow();
            _ = act switch { 0 => await world.Approves(seen), 1 => await world.Sends(seen), _ => await DiscardBatch.Run(world.Data(), MoneyWorld.Staff, seen.Id, seen.Revision, default) };
            Guildhall.Foundation.Data.Names.Of((await world.Seen(seen.Id)).State).ShouldBe(ends[act], $"{state}, act {act}");
            if (ends[act] is "built" or "approved") (await DiscardBatch.Run(world.Data(), MoneyWorld.Staff, seen.Id, (await world.Seen(seen.Id)).Revision, default)).OrThrow();
            await world.Database.Execute("update money.withdrawals set held_code = 'over_maximum' where state = 'approved'");
        }
    }
}
