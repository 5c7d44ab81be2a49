using System.Diagnostics;
using Guildhall.Operations.Webhooks;

namespace Guildhall.Tests.Operations.Webhooks;

/// <summary>docs/webhooks.md says what the code does, and the receiver it gives understands what is sent.</summary>
public sealed class WebhookDocsTests(WebhookWorld world) : IClassFixture<WebhookWorld>
{
    [Fact]
    [Covers("M-23")]
    public void The_document_lists_every_event_with_its_fields()
    {
        var rows = WebhookCatalogue.All.Select(t => $"| `{t.Name}` | {t.Object} | {t.Says} | {string.Join(", ", t.Fields)} |");
        Tree.Read("docs/webhooks.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ShouldBe(rows);
    }

    [Fact]
    public void The_document_says_the_schedule()
    {
        var rows = RetrySchedule.Waits.Select((wait, i) => $"| {i + 1} | {(wait.TotalHours >= 1 ? $"{wait.TotalHours:0} h" : wait.TotalMinutes >= 1 ? $"{wait.TotalMinutes:0} min" : $"{wait.TotalSeconds:0} s")} |");
        Tree.Read("docs/webhooks.md").ReplaceLineEndings("\n").ShouldContain("| after attempt | wait |\n|---|---|\n" + string.Join('\n', rows) + "\n\n");
    }

    [Fact]
    [Covers("M-23")]
    public async Task The_receiver_of_the_document_takes_what_is_sent_and_nothing_else()
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "node"))), "Node is not installed here.");
        await using var consumer = new Consumer();
        var staff = world.Actor();
        var (id, secret) = await world.Listens(staff, consumer, "payment.captured");
        var port = Ports.Free();
        using var receiver = Process.Start(new ProcessStartInfo("node", ["docs/webhook-receiver.mjs", $"{port}"])
        {
            WorkingDirectory = Tree.Root, RedirectStandardOutput = true, Environment = { ["WEBHOOK_SECRET"] = secret },
        })!;
        try
        {
            (await receiver.StandardOutput.ReadLineAsync()).ShouldBe("listening");
            (await staff.Patch($"admin/webhook-endpoints/{id}", new { seenRevision = 1, url = $"http://127.0.0.1:{port}/" })).Must();
            await world.Happens();
            (await receiver.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20))).ShouldStartWith("payment.captured pay_");
            using var http = new HttpClient();
            using var forged = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{port}/")) { Content = new StringContent("{}") };
            forged.Headers.Add("webhook-id", "msg_x");
            forged.Headers.Add("webhook-timestamp", $"{world.Clock.Now.ToUnixTimeSeconds()}");
            forged.Headers.Add("webhook-signature", "v1," + Convert.ToBase64String(new byte[32]));
            (await http.SendAsync(forged)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        }
        finally { receiver.Kill(); }
    }
}
