using System.Collections.Concurrent;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guildhall.Foundation.Http;

/// <summary>How to see whose a thing is that people own.</summary>
/// <param name="Prefix">Of its ids.</param>
/// <param name="Kind">Its name in the audit trail.</param>
/// <param name="IsForeign">SQL of one boolean: that <c>@id</c> is there and not the account's <c>@me</c>. No row when it is not there.</param>
public sealed record OwnedThing(string Prefix, string Kind, string IsForeign)
{
    public static OwnedThing Of<TId>(string kind, string isForeign) where TId : struct, IId<TId> => new(TId.Prefix, kind, isForeign);
}

/// <summary>Somebody signed in named the id of what is another person's, and was told that it is not there: an entry in the audit trail, at most a hundred per account in ten
/// minutes and node, so that the trail cannot be flooded. What needs a permission is <see cref="DeniedAttempts"/>' matter.</summary>
internal sealed class ForeignReferences(IEnumerable<OwnedThing> things, Database database, TimeProvider clock, ILogger<ForeignReferences> log)
{
    private const int MaxKept = 10_000, Most = 100;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private readonly Dictionary<string, OwnedThing> _things = things.ToDictionary(t => t.Prefix, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, (DateTimeOffset Since, int Noted)> _noted = new();

    /// <summary>Looks at an answer that says 404.</summary>
    public async Task Note(HttpContext http)
    {
        var caller = http.Caller();
        if (caller is not { Kind: CallerKind.Person, AccountId: { } me } || http.GetEndpoint() is not { } endpoint || RequestPipeline.RuleOf(endpoint)?.Access is null or RouteAccess.WithPermission) return;
        try
        {
            foreach (var value in http.Request.RouteValues.Values)
            {
                if (value is not string text || text.IndexOf('_', StringComparison.Ordinal) is not (> 0 and var end) || !_things.TryGetValue(text[..end], out var thing)) continue;
                if (!Id.TryParse(text, thing.Prefix, out var id) || !await database.Find<bool>(thing.IsForeign, new { id, me }) || IsTooMany(me)) continue;
                await database.InTransaction(tx => tx.Audit(caller, "malicious_direct_reference", thing.Kind, text));
            }
        }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException)
        {
            // The answer stands either way.
            log.LogError(problem, "foreign_reference_not_noted {RequestId}", http.TraceIdentifier);
        }
    }

    private bool IsTooMany(Guid account)
    {
        var now = clock.GetUtcNow();
        if (_noted.Count > MaxKept)
            foreach (var (old, seen) in _noted) if (now - seen.Since >= Window) _noted.TryRemove(old, out _);
        return _noted.Count > MaxKept || _noted.AddOrUpdate(account, _ => (now, 1), (_, seen) => now - seen.Since < Window ? (seen.Since, seen.Noted + 1) : (now, 1)).Noted > Most;
    }
}
