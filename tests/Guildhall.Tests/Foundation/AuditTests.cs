using System.Net;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Security;
using Npgsql;

namespace Guildhall.Tests.Foundation;

[Covers("I-13")]
public sealed class AuditTests(AuditTests.Setup world) : IClassFixture<AuditTests.Setup>
{
    // Only the tests seal here, so that they can look between two seals.
    public sealed class Setup : NodesOnly
    {
        protected override string Role(int node) => "web";
    }

    private readonly string _subject = Guid.NewGuid().ToString("n");

    [Fact]
    public async Task A_chain_of_entries_holds_until_one_is_edited_even_by_the_owner()
    {
        for (var i = 0; i < 5; i++) await Write($"{_subject}-{i}");
        await SealAll();
        (await FirstBad()).ShouldBeNull();

        var seq = await Seq($"{_subject}-2");
        await world.Database.Execute("update foundation.audit set why = 'nothing happened' where subject_id = $1", $"{_subject}-2");
        (await FirstBad()).ShouldBe(seq);
        await world.Database.Execute("update foundation.audit set why = null where subject_id = $1", $"{_subject}-2");
        (await FirstBad()).ShouldBeNull();
    }

    [Fact]
    public async Task A_removed_entry_is_seen_even_when_its_owner_turned_the_constraints_off()
    {
        await Write(_subject);
        await SealAll();
        var seq = await Seq(_subject);
        await world.Database.Execute("create table foundation.kept as table foundation.audit");
        await world.Database.Execute($"""
            set session_replication_role = replica;
            delete from foundation.audit where subject_id = '{_subject}';
            set session_replication_role = origin
            """);
        (await FirstBad()).ShouldBe(seq);
        await world.Database.Execute($"insert into foundation.audit overriding system value select * from foundation.kept where subject_id = '{_subject}'; drop table foundation.kept");
        (await FirstBad()).ShouldBeNull();
    }

    [Fact]
    public async Task The_owner_cannot_remove_a_sealed_entry_in_passing()
    {
        await Write(_subject);
        await SealAll();
        (await Should.ThrowAsync<PostgresException>(() => world.Database.Execute("delete from foundation.audit where subject_id = $1", _subject)))
            .SqlState.ShouldBeOneOf(PostgresErrorCodes.ForeignKeyViolation, "23001");
    }

    [Fact]
    public async Task An_entry_committed_late_is_sealed_in_its_place_and_never_skipped()
    {
        var (opened, mayCommit) = (new TaskCompletionSource(), new TaskCompletionSource());
        var late = world.Data().InTransaction(async tx =>
        {
            await tx.Audit(Caller.System("test"), "test.late", "test", _subject + "-late");
            await tx.Flush();
            opened.SetResult();
            await mayCommit.Task;
        });
        await opened.Task;
        await Write(_subject + "-early");
        await world.Data(1).InTransaction(AuditSealer.Seal);
        (await Sealed("-early")).ShouldBe(0, "an older transaction had not ended");

        mayCommit.SetResult();
        await late;
        await SealAll();
        (await Sealed("-late")).ShouldBe(1);
        (await Sealed("-early")).ShouldBe(1);
        (await FirstBad()).ShouldBeNull();
    }

    [Fact]
    public async Task Two_nodes_that_seal_at_once_make_one_chain()
    {
        for (var i = 0; i < 50; i++) await Write($"{_subject}-{i}");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => world.Data(i % 2).InTransaction(AuditSealer.Seal)));
        await SealAll();
        (await world.Database.Count("foundation.audit_seals s join foundation.audit a on a.id = s.audit_id where a.subject_id like $1", _subject + "%")).ShouldBe(50);
        (await FirstBad()).ShouldBeNull();
    }

    [Fact]
    [Covers("I-15")]
    public async Task What_is_personal_is_unreadable_once_the_persons_key_is_destroyed_and_the_chain_still_holds()
    {
        var person = Guid.NewGuid();
        var caller = new Caller { Kind = CallerKind.Person, AccountId = person, Address = IPAddress.Parse("203.0.113.9"), UserAgent = "a browser" };
        await world.Data().InTransaction(tx => tx.Audit(caller, "test.personal", "test", _subject, personal: (person, new { email = "somebody@example.test" })));
        var row = (await world.Database.Rows("select personal, place, encode(personal, 'escape') from foundation.audit where subject_id = $1", _subject)).Single();
        (await PersonKeys.Open(world.Data(), person, (byte[])row[0]!, default))!.Value.GetProperty("email").GetString().ShouldBe("somebody@example.test");
        (await PersonKeys.Open(world.Data(), person, (byte[])row[1]!, default))!.Value.GetProperty("address").GetString().ShouldBe("203.0.113.9");
        ((string)row[2]!).ShouldNotContain("somebody");

        await SealAll();
        await world.Data().InTransaction(tx => PersonKeys.Destroy(tx, person));
        (await PersonKeys.Open(world.Data(), person, (byte[])row[0]!, default)).ShouldBeNull();
        (await FirstBad()).ShouldBeNull();
    }

    [Fact]
    public async Task A_change_that_is_undone_leaves_no_entry()
    {
        await world.Data().InTransaction<Result<Done>>(async tx =>
        {
            await tx.Audit(Caller.System("test"), "test.undone", "test", _subject);
            return FoundationRefusals.NotFound;
        });
        (await world.Database.Count("foundation.audit where subject_id = $1", _subject)).ShouldBe(0);
    }

    private Task Write(string subject) => world.Data().InTransaction(tx => tx.Audit(Caller.System("test"), "test.happened", "test", subject, after: new { n = 1 }));

    private Task SealAll() => world.EventuallyOr("entries stay unsealed", async () =>
    {
        while (await world.Data().InTransaction(AuditSealer.Seal) > 0) { }
        return await world.Database.Count("foundation.audit a where not exists (select 1 from foundation.audit_seals s where s.audit_id = a.id)") == 0;
    }, within: 1.Minutes()); // an open transaction of any database on the server holds the seal back

    private Task<long?> FirstBad() => AuditSealer.FirstBadLink(world.Data(), default);
    private Task<long> Seq(string subject) => world.Database.Value<long>("select s.seq from foundation.audit_seals s join foundation.audit a on a.id = s.audit_id where a.subject_id = $1", subject);
    private Task<long> Sealed(string suffix) => world.Database.Count("foundation.audit_seals s join foundation.audit a on a.id = s.audit_id where a.subject_id = $1", _subject + suffix);
}
