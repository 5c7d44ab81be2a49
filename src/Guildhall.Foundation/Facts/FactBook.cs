using Guildhall.Foundation.Data;

namespace Guildhall.Foundation.Facts;

/// <summary>Something that has just become true in the current transaction, told to modules above.</summary>
public interface IFact;

/// <summary>Which reactions belong to which fact. A reaction runs in the publisher's transaction, does no I/O but SQL, and undoes the
/// whole transaction when it throws.</summary>
public sealed class FactBook(IEnumerable<Reaction> reactions)
{
    private readonly Dictionary<Type, Reaction[]> _byFact =
        reactions.GroupBy(r => r.Fact).ToDictionary(g => g.Key, g => g.ToArray());

    internal async Task React<TFact>(Transaction tx, TFact fact) where TFact : IFact
    {
        if (!_byFact.TryGetValue(typeof(TFact), out var reactions)) return;
        foreach (var reaction in reactions) await ((Func<Transaction, TFact, Task>)reaction.Run)(tx, fact);
    }
}

/// <summary>One registered reaction.</summary>
public sealed record Reaction(Type Fact, Delegate Run);
