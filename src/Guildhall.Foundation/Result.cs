using System.Diagnostics.CodeAnalysis;

namespace Guildhall.Foundation;

/// <summary>What a use case answers: a value, or a <see cref="Foundation.Refusal"/>. A refused result rolls its transaction back.</summary>
public readonly struct Result<T> : IOutcome
{
    private Result(T? value, Refusal? refusal) => (Value, Refusal) = (value, refusal);

    /// <summary>The value; default when refused.</summary>
    public T? Value { get; }

    /// <summary>Why not; null when granted.</summary>
    public Refusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Granted => Refusal is null;

    /// <summary>True with the value when granted; false with the refusal otherwise.</summary>
    public bool Is([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        (value, refusal) = (Value, Refusal);
        return refusal is null;
    }

    /// <summary>The value, or an exception naming the refusal: for callers to whom a refusal would be a bug.</summary>
    public T OrThrow() => Refusal is null ? Value! : throw new InvalidOperationException($"Refused: {Refusal.Code}. {Refusal.Sentence}");

    public static implicit operator Result<T>(T value) => new(value, null);
    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}

internal interface IOutcome
{
    Refusal? Refusal { get; }
}

/// <summary>The value of a result that carries nothing but success.</summary>
public readonly record struct Done;
