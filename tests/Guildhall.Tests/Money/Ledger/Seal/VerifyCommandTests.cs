using System.Security.Cryptography;
using Guildhall.Foundation.Security;
using Guildhall.Money.Ledger;

namespace Guildhall.Tests.Money.Ledger.Seal;

/// <summary>The owner of the database changes what was sealed; <c>guildhall verify</c> finds it and names the first bad record.</summary>
public sealed class VerifyCommandTests : IAsyncLifetime
{
    private sealed class OneNode : SealWorld
    {
        protected override int NodeCount => 1;
    }

    private static readonly Guid Provider = Guid.Parse("0193a1b2-0000-7000-8000-000000000001");
    private readonly OneNode world = new();

    public ValueTask InitializeAsync() => world.InitializeAsync();
    public ValueTask DisposeAsync() => world.DisposeAsync();

    // Twelve journals j1 … j12 under two checkpoints; j12 is not sealed.
    private async Task Prepare()
    {
        var seals = 0;
        for (var i = 1; i <= 12; i++)
        {
            await world.Posts(i * 100, Book.Clearing, i % 3 == 0 ? Book.Available(Provider) : Book.Escrow, $"j{i}");
            if (i == 7) await Moments.Mark(world.Data(), world.Clock.Now, default);
            if (i == 8) await KeepBooks.MakeRound(world.Data(), default);
            if (i is not (6 or 11)) continue;
            await Eventually.True(async () => (seals += await world.Seals()) == i, "A transaction that is older than the journals stays open.");
            await world.SealsSignsAndWrites();
        }
        (await world.Verifies()).ShouldBe((0, $"12 journals, 11 sealed, 2 checkpoints in the database, 2 in the file.{Environment.NewLine}Everything holds.{Environment.NewLine}"));
    }

    private const string Journal5 = "(select id from money.journals where reference = 'j5')";
    private const string Drop = "drop trigger journals_stay on money.journals; alter table money.entries drop constraint entries_pkey; alter table money.journals drop constraint journals_reference_key";

    [Theory]
    [InlineData("an amount", $"update money.entries set minor = minor + sign(minor)::int where journal_id = {Journal5}", "journal 5 (j5) at position 4, or one of its entries, was changed")]
    [InlineData("an account", $"update money.entries set account_id = (select max(id) from money.accounts) where journal_id = {Journal5} and minor < 0", "journal 5 (j5) at position 4, or one of its entries, was changed")]
    [InlineData("a leg", $"update money.entries set minor = minor + 1 where journal_id = {Journal5} and minor > 0", "zero sum: journal 5 (j5) leaves 1 KWD")]
    [InlineData("a reference", "update money.journals set reference = 'other' where reference = 'j5'", "journal 5 (other) at position 4, or one of its entries, was changed")]
    [InlineData("a posting time", "update money.journals set posted_at = posted_at + interval '1 second' where reference = 'j5'", "journal 5 (j5) at position 4")]
    [InlineData("the order it belongs to", "update money.journals set order_id = gen_random_uuid() where reference = 'j5'", "journal 5 (j5) at position 4")]
    [InlineData("whose account it is", "update money.accounts set owner_id = gen_random_uuid() where owner_id is not null", "journal 3 (j3) at position 2")]
    [InlineData("a journal goes", $"{Drop}; delete from money.entries where journal_id = 5; delete from money.journals where id = 5", "journal 5 at position 4 was deleted")]
    [InlineData("the last sealed goes", $"{Drop}; delete from money.entries where journal_id = 11; delete from money.journals where id = 11", "journal 11 at position 10 was deleted")]
    [InlineData("an entry goes", "delete from money.entries where journal_id = 5 and no = 2", "two entries: journal 5 (j5) has 1")]
    [InlineData("entries stay behind", $"{Drop}; delete from money.journals where id = 5", "entry 1 of journal 5 has no journal")]
    [InlineData("a journal comes between", """
        with j as (insert into money.journals (reference, kind, effective_at, posted_at, tx) select 'forged', kind, effective_at, posted_at, tx from money.journals where id = 5 returning id)
        insert into money.entries (journal_id, no, account_id, minor) select j.id, e.no, e.account_id, e.minor from j, money.entries e where e.journal_id = 5
        """, "(forged) was inserted at position 5")]
    [InlineData("two change places", """
        update money.journals set tx = case id when 4 then (select tx from money.journals where id = 6) else (select tx from money.journals where id = 4) end where id in (4, 6)
        """, "journal 4 at position 3 was moved: journal 6 (j6) stands in its place")]
    [InlineData("a balance", "update money.balances set owed_minor = owed_minor + 1", "balances: account 3 (provider_available)")]
    [InlineData("a balance goes", "delete from money.balances", "balances: account 3 (provider_available) has a balance of ")]
    [InlineData("a reference twice", $"{Drop}; update money.journals set reference = 'j4' where reference = 'j12'", "reference j4 is borne by 2 journals, the first is 4")]
    [InlineData("a round", "update money.round_accounts set minor = minor + 1 where account_id = 1", "balance rounds: account 1")]
    [InlineData("a round's total", "update money.round_totals set minor = minor + 1 where kind = 'escrow'", "round totals: escrow in KWD")]
    [InlineData("a leaf", "update money.seal_chunks set leaves = set_byte(leaves, 3, 255 - get_byte(leaves, 3)) where first = 0", "the sealed leaves do not lead to the root of checkpoint 1")]
    [InlineData("the seal is shortened", "delete from money.seal_checkpoints where id = 2; delete from money.seal_chunks where first = 6", "checkpoint 2 of 11 journals stands in the file and not in the database")]
    [InlineData("a checkpoint's root", "update money.seal_checkpoints set root = sha256('x') where id = 1", "signatures: the signature of checkpoint 1")]
    [InlineData("money from nowhere", $"{Drop}; insert into money.entries (journal_id, no, account_id, minor) values (999, 1, 3, -5)", "entry 1 of journal 999 has no journal")]
    [Covers("money-59", "M-10")]
    public async Task What_the_owner_changes_is_found_and_the_first_bad_record_is_named(string what, string sql, string found)
    {
        await Prepare();
        await world.AsOwner(sql);
        var (code, says) = await world.Verifies();
        code.ShouldBe(1, what);
        says.ShouldContain(found);
    }

    [Fact]
    [Covers("money-59")]
    public async Task Without_the_file_edits_are_found_as_well()
    {
        await Prepare();
        await world.AsOwner($"update money.entries set minor = minor * 2 where journal_id = {Journal5}");
        (await world.Verifies(withFile: false)).Says.ShouldContain("journal 5 (j5) at position 4, or one of its entries, was changed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Covers("money-60")]
    public async Task A_rewrite_of_rows_and_log_and_signatures_is_found_against_the_file_and_the_record_named(bool withKeyOfTheirOwn)
    {
        await Prepare();
        await world.AsOwner($"""
            update money.entries set minor = minor * 2 where journal_id = {Journal5};
            delete from money.round_accounts; delete from money.round_totals; delete from money.balance_rounds;
            delete from money.seal_checkpoints; delete from money.seal_nodes; delete from money.seal_chunks; {(withKeyOfTheirOwn ? "delete from money.seal_keys;" : "")}
            """);
        await world.Seals();
        await world.Signs(withKeyOfTheirOwn ? new MasterKey(RandomNumberGenerator.GetBytes(32)) : null);
        (await world.Verifies(withFile: false)).Code.ShouldBe(0); // the database agrees with itself
        var (code, says) = await world.Verifies();
        code.ShouldBe(1);
        says.ShouldContain("journal 5 (j5) at position 4 was rewritten together with the seal");
        says.ShouldContain("checkpoint 1 of the database (size 12) is not the one in the file (size 6)");
    }

    [Fact]
    [Covers("money-60")]
    public async Task A_file_that_was_edited_shortened_in_the_middle_or_signed_by_somebody_else_is_found()
    {
        await Prepare();
        var lines = await File.ReadAllLinesAsync(world.File);
        lines.Length.ShouldBe(3);
        await File.WriteAllLinesAsync(world.File, [lines[0], lines[1].Replace("\"size\":6", "\"size\":5", StringComparison.Ordinal), lines[2]]);
        (await world.Verifies()).Says.ShouldContain("the signature of checkpoint 1 is wrong");
        await File.WriteAllLinesAsync(world.File, [lines[0], lines[2]]);
        (await world.Verifies()).Says.ShouldContain("BROKEN checkpoint file: line 2: checkpoint 2 has 5 leaves, its size says 11");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllLinesAsync(world.File, lines);
        (await SealWorld.Runs("--database", world.Database.Owner, "--checkpoints", world.File, "--key", Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()))).Says.ShouldContain("which is not a key to trust");
    }

    [Fact]
    [Covers("money-63")]
    public async Task A_journal_that_was_slipped_into_a_closed_month_is_found()
    {
        await world.Captures(1);
        var inside = world.Clock.Now;
        var month = Guildhall.Money.Ledger.Periods.Period.Of(inside);
        await world.Clock.Passes(month.Until - inside + TimeSpan.FromHours(1));
        (await Guildhall.Money.Ledger.Periods.ClosePeriod.Run(world.Data(), MoneyWorld.Staff, month.ToString(), "Checked.", default)).OrThrow();
        await world.Data().InTransaction(tx => Guildhall.Money.Ledger.Periods.FreezePeriod.Run(tx, new(month.Until)));
        var late = await world.PostsAt(inside, 5);
        (await world.Verifies(withFile: false)).Code.ShouldBe(0);
        await world.AsOwner("update money.journals set counted_at = null where id = $1", late);
        (await world.Verifies(withFile: false)).Says.ShouldContain($"closed periods: journal {late}");
    }

    [Fact]
    public async Task What_cannot_be_looked_at_is_told_apart_from_what_is_broken()
    {
        (await SealWorld.Runs("--database", "Host=127.0.0.1;Port=1;Username=nobody")).Code.ShouldBe(2);
        (await SealWorld.Runs("--database", world.Database.Owner, "--checkpoints", "/nowhere.jsonl")).Code.ShouldBe(2);
        (await SealWorld.Runs("--help")).Says.ShouldContain("guildhall verify");
    }
}
