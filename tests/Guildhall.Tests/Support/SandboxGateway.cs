using System.Text.Json;

namespace Guildhall.Tests.Support;

/// <summary>What the outside world is told to do next, and what it has done.</summary>
public readonly record struct SandboxGateway(World World)
{
    public Task DeclinesNext(int times = 1) => Faults(new { declineNext = times });
    public Task FailsPayouts(string how = "fail") => Faults(new { failPayouts = how });
    public Task AnswersAsUsual() => World.Sandbox.Post("/sandbox/faults/reset");
    public Task Faults(object faults) => World.Sandbox.Put("/sandbox/faults", faults);

    /// <summary>Everything of one kind that it did: payment_intents, refunds, transfers, payouts, checkout_sessions, events.</summary>
    public async Task<IReadOnlyList<JsonElement>> Did(string kind)
    {
        var answer = await World.Sandbox.Get($"/sandbox/stripe/{kind}");
        return [.. (answer.ValueKind == JsonValueKind.Array ? answer : answer.GetProperty("data")).EnumerateArray()];
    }

    /// <summary>Does what the hosted page's form does.</summary>
    public Task<JsonElement> Pays(string checkoutSession, string outcome = "success") =>
        World.Sandbox.Post($"/sandbox/stripe/checkout_sessions/{checkoutSession}/pay", new { outcome });

    /// <summary>Mail to an address, newest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> MailTo(string address) =>
        [.. (await World.Sandbox.Get($"/sandbox/mail?to={Uri.EscapeDataString(address)}")).EnumerateArray()];
}
