namespace Guildhall.Foundation;

/// <summary>An expected "no": a stable code, the HTTP status it answers with, and a sentence that says what to do next.
/// Each module lists its refusals in one static class; <c>docs/problems.md</c> is generated from those lists.</summary>
public sealed record Refusal(string Code, int Status, string Sentence)
{
    /// <summary>Facts that help the caller go on (ids, addresses, times); written as members of the problem document.</summary>
    public IReadOnlyDictionary<string, object?>? Details { get; init; }

    /// <summary>Seconds after which the same request may succeed; sent as <c>Retry-After</c>.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The same refusal with facts for this one answer.</summary>
    public Refusal With(params (string Name, object? Value)[] details) =>
        this with { Details = details.ToDictionary(d => d.Name, d => d.Value, StringComparer.Ordinal) };

    /// <summary>The same refusal with another sentence for this one answer.</summary>
    public Refusal Saying(string sentence) => this with { Sentence = sentence };
}
