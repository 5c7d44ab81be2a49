using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Ledger;
using Guildhall.Money.Ledger.Seal;

namespace Guildhall.Tests.Money.Ledger.Seal;

public sealed class SealLedgerTests : IAsyncLifetime
{
    private readonly SealWorld world = new();

    public ValueTask InitializeAsync() => world.InitializeAsync();
    public ValueTask DisposeAsync() => world.DisposeAsync();

    private async Task<long[]> Order() => [.. (await world.Database.Column<long[]>("select journals from money.seal_chunks order by first")).SelectMany(ids => ids)];

    [Fact]
    [Covers("money-61", "M-10")]
    public async Task A_posting_that_commits_after_later_ones_were_sealed_is_sealed_in_its_place_and_never_skipped()
    {
        await world.Captures(1);
        await using var slow = await world.Begins(2);
        await world.Captures(3);
        await world.Captures(4);
        (await world.Seals()).ShouldBe(1);
        await slow.Commits();
        await world.Captures(5);
        (await Task.WhenAll(world.Seals(), world.Seals(1))).Sum().ShouldBe(4);
        (await Order()).ShouldBe(await world.Database.Column<long>("select id from money.journals order by epoch, tx, id"));
        (await Order()).ShouldContain(slow.Journal);
        (await world.Seals()).ShouldBe(0);
    }

    [Fact]
    [Covers("money-61")]
    public async Task A_moment_between_does_not_hide_a_posting_that_began_before_it()
    {
        await world.Captures(1);
        await world.Seals();
        await using var slow = await world.Begins(2);
        await world.Captures(3);
        await Moments.Mark(world.Data(), world.Clock.Now, default);
        await world.Captures(4);
        (await world.Seals()).ShouldBe(0);
        await slow.Commits();
        (await world.Seals()).ShouldBe(3);
        await Moments.Mark(world.Data(), world.Clock.Now, default);
        await world.Captures(5);
        (await world.Seals()).ShouldBe(1);
        await world.SealsSignsAndWrites();
        (await world.Verifies()).Says.ShouldContain("Everything holds.");
    }

    [Fact]
    [Covers("M-10")]
    public async Task Roots_and_receipts_hold_within_and_across_tiles_at_every_size()
    {
        var random = new Random(61);
        foreach (var count in new[] { 1, 3, 250, 2, 300, 700, 5 })
        {
            await world.PostsMany(count);
            await world.SealsSignsAndWrites();
            var size = await world.Database.Value<long>("select size from money.seal_checkpoints order by id desc limit 1");
            var ids = await Order();
            foreach (var position in new[] { 0, (int)size - 1, (int)(size / 2), random.Next((int)size), 255, 256 }.Where(p => p < size).Distinct())
            {
                var receipt = (await ReadReceipt.Run(world.Data(), ids[position], null, default)).OrThrow();
                receipt.Position.ShouldBe(position);
                (await Checked(receipt)).ShouldContain("1 receipts hold.");
            }
        }
        (await world.Database.Count("money.seal_nodes")).ShouldBe(1261 / 256);
        var (code, says) = await world.Verifies();
        code.ShouldBe(0, says);
        says.ShouldContain("1261 journals, 1261 sealed, 7 checkpoints in the database, 7 in the file.");
    }

    [Fact]
    [Covers("M-10")]
    public async Task A_receipt_that_was_touched_anywhere_does_not_hold()
    {
        await world.PostsMany(20);
        await world.SealsSignsAndWrites();
        var receipt = (await ReadReceipt.Run(world.Data(), (await Order())[7], null, default)).OrThrow();
        var (other, key) = (Convert.ToBase64String(new byte[32]), receipt.Checkpoint);
        (await Checked(receipt with { Data = receipt.Data!.Replace(" KWD 8\n", " KWD 9\n", StringComparison.Ordinal) })).ShouldContain("not what was sealed");
        (await Checked(receipt with { Leaf = other, Data = null })).ShouldContain("does not lead to the root");
        (await Checked(receipt with { Position = 6 })).ShouldContain("does not lead to the root");
        (await Checked(receipt with { Path = [.. receipt.Path.SkipLast(1)] })).ShouldContain("does not lead to the root");
        (await Checked(receipt with { Checkpoint = key with { Size = 19 } })).ShouldContain("signature of its checkpoint is wrong");
        (await Checked(receipt with { Checkpoint = key with { Root = other } })).ShouldContain("signature of its checkpoint is wrong");
        using var foreign = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        (await Checked(receipt with { Checkpoint = key with { PublicKey = Convert.ToBase64String(foreign.ExportSubjectPublicKeyInfo()) } })).ShouldContain("a key that the file of checkpoints does not know");
    }

    [Fact]
    [Covers("M-10", "money-100")]
    public async Task Over_http_staff_and_the_provider_concerned_get_a_receipt_and_nobody_else()
    {
        var (provider, stranger) = (MoneyWorld.Person(), MoneyWorld.Person());
        await world.Posts(9_000, Book.Clearing, Book.Available(provider.AccountId!.Value));
        var id = await world.Database.Value<long>("select max(id) from money.journals");
        var own = $"providers/me/ledger/journals/{id}/receipt";
        (await world.As(provider).Get(own)).MustRefuse(MoneyRefusals.JournalNotSealed);
        await world.SealsSignsAndWrites();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, (await world.As(provider).Get(own)).Must().Text);
        (await SealWorld.Runs("--receipt", file, "--checkpoints", world.File)).ShouldBe((0, $"1 receipts hold.{Environment.NewLine}"));
        File.Delete(file);
        (await world.As(stranger).Get(own)).MustRefuse(MoneyRefusals.JournalNotFound);
        (await world.As(provider).Get($"admin/ledger/journals/{id}/receipt")).Must(403);
        (await world.As(MoneyWorld.Person("ledger.view")).Get($"admin/ledger/journals/{id}/receipt")).Must();
        (await world.Visitor().Get("ledger/keys")).Must().At("0.publicKey").GetString().ShouldNotBeNullOrEmpty();

        await world.Posts(1, Book.Available(provider.AccountId!.Value), Book.Available(stranger.AccountId!.Value));
        await world.SealsSignsAndWrites();
        var shared = (await world.As(stranger).Get($"providers/me/ledger/journals/{id + 1}/receipt")).Must();
        shared.Text.ShouldNotContain(provider.AccountId!.Value.ToString());
    }

    [Fact]
    [Covers("money-101")]
    public async Task Erasing_a_person_leaves_every_proof_as_it_was()
    {
        var person = MoneyWorld.Person();
        await world.Data().InTransaction(tx => PersonKeys.Seal(tx, person.AccountId!.Value, new { name = "Omar" }));
        await world.Posts(5_000, Book.Clearing, Book.Available(person.AccountId!.Value));
        await world.SealsSignsAndWrites();
        var journal = await world.Database.Value<long>("select max(id) from money.journals");
        var receipt = (await ReadReceipt.Run(world.Data(), journal, null, default)).OrThrow();
        await world.Data().InTransaction(tx => PersonKeys.Destroy(tx, person.AccountId!.Value));
        (await world.Database.Count("foundation.person_keys where person_id = $1", person.AccountId!.Value)).ShouldBe(0);
        (await world.Verifies()).Code.ShouldBe(0);
        (await Checked(receipt)).ShouldContain("1 receipts hold.");
        receipt.Data!.ShouldNotContain("Omar");
    }

    [Fact]
    [Covers("M-10")]
    public async Task A_restored_copy_seals_on_in_an_epoch_of_its_own()
    {
        await world.PostsMany(3);
        await world.SealsSignsAndWrites();
        // As on a server whose transaction ids start over: what is there looks as if it came from the future.
        await world.AsOwner("update money.journals set tx = (tx::text::bigint + 4000000000)::text::xid8");
        await world.AsOwner("delete from money.seal_checkpoints; delete from money.seal_chunks");
        await world.Captures(1);
        (await ReadSeal.Run(world.Data(), world.Get<CheckpointFile>(), default)).Foreign.ShouldBeFalse();
        await world.AsOwner("update money.journals set tx = (tx::text::bigint + 4000000000)::text::xid8 where id = (select max(id) from money.journals)");
        (await ReadSeal.Run(world.Data(), world.Get<CheckpointFile>(), default)).Foreign.ShouldBeTrue();
        (await world.Seals()).ShouldBe(0);
        (await Epochs.Begin(world.Database.Owner, "restored in a test")).ShouldBe(2);
        await world.Captures(2);
        (await ReadSeal.Run(world.Data(), world.Get<CheckpointFile>(), default)).Foreign.ShouldBeFalse();
        (await world.Seals()).ShouldBe(5);
        (await Order())[^1].ShouldBe(await world.Database.Value<long>("select max(id) from money.journals"));
        (await world.Clearing()).ShouldBe(9);
    }

    [Fact]
    [Covers("M-10", "A-3")]
    public async Task The_state_of_the_seal_says_when_checkpoints_do_not_reach_a_file()
    {
        await world.Captures(1);
        var staff = world.As(MoneyWorld.Person("ledger.view"));
        staff.OnlyNode = 0;
        (await staff.Get("admin/ledger/seal")).Must().At("unsealed").GetInt64().ShouldBe(1);
        await world.SealsSignsAndWrites();
        var state = (await staff.Get("admin/ledger/seal")).Must();
        state.At("unsealed").GetInt64().ShouldBe(0);
        state.At("fileCheckpoint").GetInt64().ShouldBe(1);
        state.Json.TryGetProperty("fileProblem", out var problem).ShouldBe(problem.ValueKind is System.Text.Json.JsonValueKind.Null);
        staff.OnlyNode = 1;
        (await staff.Get("admin/ledger/seal")).Must().Word("fileProblem").ShouldContain("No file is set");

        await world.Captures(2);
        await world.Seals();
        await world.Signs();
        await world.AsOwner("update money.seal_checkpoints set signature = '\\x00' where id = 1");
        await world.Get<CheckpointFile>().Append(default);
        world.Get<CheckpointFile>().Problem.ShouldNotBeNull().ShouldContain("not the one in the database");
        (await File.ReadAllLinesAsync(world.File)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_line_that_a_crash_cut_short_is_written_again_and_a_file_that_cannot_be_written_is_a_problem()
    {
        await world.Captures(1);
        await world.SealsSignsAndWrites();
        await File.AppendAllTextAsync(world.File, "{\"id\":2,\"size\":");
        await world.Captures(2);
        await world.SealsSignsAndWrites();
        (await File.ReadAllLinesAsync(world.File)).Length.ShouldBe(3);
        (await world.Verifies()).Code.ShouldBe(0);
        await using var nowhere = new TestFile(world);
        await nowhere.Writer.Append(default);
        nowhere.Writer.Problem.ShouldNotBeNull();
    }

    private sealed class TestFile(SealWorld world) : IAsyncDisposable
    {
        public CheckpointFile Writer { get; } = new(world.Data(), new LedgerOptions("/nowhere/at/all.jsonl"), Microsoft.Extensions.Logging.Abstractions.NullLogger<CheckpointFile>.Instance);

        public ValueTask DisposeAsync()
        {
            Writer.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private async Task<string> Checked(ReadReceipt.Receipt receipt)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, System.Text.Json.JsonSerializer.Serialize(receipt, JsonRules.Options));
        var (_, says) = await SealWorld.Runs("--receipt", file, "--checkpoints", world.File);
        File.Delete(file);
        return says;
    }
}
