using Guildhall.Foundation.Data;

namespace Guildhall.Foundation.Security;

/// <summary>What a module does about the data it holds about people. Each module registers one; the copy of a person's data and its erasure ask all of them.</summary>
/// <param name="Section">Name of its part of the copy, the module's own.</param>
/// <param name="Read">Everything the module holds about the person, as it is written into the copy: lists of at most <see cref="Most"/> entries, newest first.</param>
/// <param name="Objection">A sentence that says why the person cannot be erased yet and what to do about it, or null. Reads only.</param>
/// <param name="Erase">Takes the person out of what the module holds, in the transaction of the erasure; what has to stay for the books stays without a name.</param>
public sealed record PersonalData(string Section, Func<Database, Guid, CancellationToken, Task<object>> Read, Func<Transaction, Guid, Task<string?>> Objection, Func<Transaction, Guid, Task> Erase)
{
    /// <summary>Entries of one list.</summary>
    public const int Most = 10_000;

    /// <summary>Nothing of the module's stands against an erasure.</summary>
    public static Func<Transaction, Guid, Task<string?>> NoObjection { get; } = (_, _) => Task.FromResult<string?>(null);
}
