using Guildhall.Operations;
using Guildhall.Tests.Money;
using Guildhall.Tests.Web.Console;

namespace Guildhall.Tests.Operations;

/// <summary>Dead jobs are tried again together: first it is said which would be, then those that are still as they were shown are.</summary>
[Covers("A-3", "O-6")]
public sealed class ReplayJobsTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    private Visitor Staff => world.As(MoneyWorld.Person("job.replay"));

    private Task<long> Dead(string error = "It failed.") => world.Database.Value<long>("""
        insert into foundation.jobs (kind, payload, state, run_at, max_attempts, attempts, created_at, died_at, last_error)
        values ('forget_expired', '{}', 'dead', now() + interval '1 day', 12, 12, now(), now(), $1) returning id
        """, error);

    private async Task<(long Id, string DiedAt)[]> Shown(params long[] ids) =>
        [.. (await Staff.Get("admin/jobs")).Must().At("dead").EnumerateArray().Select(d => (d.GetProperty("id").GetInt64(), d.GetProperty("diedAt").GetString()!)).Where(d => ids.Contains(d.Item1)).OrderBy(d => d.Item1)];

    private async Task<string?[]> Replays(bool dryRun, params (long Id, string DiedAt)[] rows) =>
        [.. (await Staff.Post("admin/jobs/bulk", new { dryRun, rows = rows.Select(r => new { id = r.Id, diedAt = r.DiedAt }).ToArray() })).Must().At("rows").EnumerateArray()
            .Select(r => r.GetProperty("done").GetBoolean() ? "done" : r.GetProperty("code").GetString())];

    [Fact]
    public async Task A_dry_run_leaves_them_dead_and_one_that_died_again_since_stays_so()
    {
        var ids = new[] { await Dead(), await Dead(), await Dead() };
        var shown = await Shown(ids);
        shown.Length.ShouldBe(3);
        (await Replays(dryRun: true, shown)).ShouldBe(["done", "done", "done"]);
        (await world.Database.Count("foundation.jobs where id = any ($1) and state = 'dead'", ids)).ShouldBe(3);

        await world.Database.Execute("update foundation.jobs set died_at = died_at + interval '1 second', last_error = 'Another.' where id = $1", ids[1]);
        (await Replays(dryRun: false, shown)).ShouldBe(["done", "job_not_dead", "done"]);
        (await world.Database.Value<string>("select last_error from foundation.jobs where id = $1 and state = 'dead'", ids[1])).ShouldBe("Another.");
        (await world.Database.Count("foundation.audit where action = 'job.replayed' and subject_id = any ($1)", (object)ids.Select(i => $"{i}").ToArray())).ShouldBe(2);
        (await Replays(dryRun: false, shown[0])).ShouldBe(["job_not_dead"]);
        await world.Database.Execute("delete from foundation.jobs where id = $1", ids[1]);
    }

    [Fact]
    public async Task What_is_not_a_choice_of_jobs_is_refused()
    {
        (await Staff.Post("admin/jobs/bulk", new { dryRun = true, rows = Array.Empty<object>() })).MustRefuse(FoundationRefusals.BulkRows);
        (await Staff.Post("admin/jobs/bulk", new { dryRun = true, rows = new[] { new { id = 1, diedAt = world.Clock.Now }, new { id = 1, diedAt = world.Clock.Now } } })).MustRefuse(FoundationRefusals.BulkRows);
        (await world.As(MoneyWorld.Person("dashboard.view")).Post("admin/jobs/bulk", new { dryRun = true, rows = Array.Empty<object>() })).MustRefuse(FoundationRefusals.NotAllowed);
    }

    [Fact]
    public async Task On_the_page_jobs_are_chosen_looked_at_and_tried_again()
    {
        const string preview = "/console/jobs/bulk/preview", act = "/console/jobs/bulk";
        var id = await Dead();
        var browser = new StaffBrowser(world, MoneyWorld.Person("job.replay"));
        var list = (await browser.Opens("/console/jobs")).Must().Text;
        var at = list.IndexOf($"value=\"{id}.", StringComparison.Ordinal);
        var form = StaffBrowser.Fields(list, preview);
        form["row"] = list[(at + "value=\"".Length)..].Split('"')[0];
        var shown = (await browser.Sends(preview, form)).Must().Text;
        shown.ShouldContain("Nothing was done yet. 1 of 1 would be.");
        (await browser.Sends(act, StaffBrowser.Fields(shown, act))).Must().Text.ShouldContain("1 of 1 were done.");
        await Eventually.True(async () => await world.Database.Count("foundation.jobs where id = $1 and state = 'dead'", id) == 0, "The job was expected to live again.");
        (await browser.Sends(act, StaffBrowser.Fields(shown, act))).Must().Text.ShouldContain(OperationsRefusals.JobNotDead.Sentence);
    }
}
