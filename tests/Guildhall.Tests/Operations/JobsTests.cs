using Guildhall.Operations;

namespace Guildhall.Tests.Operations;

[Covers("O-6")]
public sealed class JobsTests(OperationsWorld world) : IClassFixture<OperationsWorld>
{
    [Fact]
    public async Task A_dead_job_is_seen_with_its_error_and_replayed_once_however_many_ask()
    {
        var staff = world.Actor();
        await world.Data().InTransaction(tx => tx.Enqueue(new Stumble("a stone"), uniqueKey: "stone"));
        var dead = await Eventually.Get(async () => (await staff.Get("admin/jobs")).Must(), page => page.At("counts.dead").GetInt64() == 1, "The job did not die");
        dead.Word("dead.0.lastError").ShouldContain("stumbled");

        world.Stumbles = false;
        var id = dead.At("dead.0.id").GetInt64();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => staff.Post($"admin/jobs/{id}/actions/replay")));
        answers.Count(a => a.Status == 204).ShouldBe(1);
        answers.First(a => a.Status != 204).MustRefuse(OperationsRefusals.JobNotDead);
        await world.EventuallyOr("It did not run again.", () => Task.FromResult(world.Ran == 1));
        (await staff.Get("admin/audit?action=job.replayed")).Must().At("items").GetArrayLength().ShouldBe(1);
    }
}
