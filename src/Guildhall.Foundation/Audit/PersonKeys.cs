using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;

namespace Guildhall.Foundation.Audit;

/// <summary>One encryption key per person, wrapped by the master key. Destroying the row makes everything sealed with it unreadable for ever.</summary>
public static class PersonKeys
{
    private const string Purpose = "person-key";
    private const int MaxCached = 20_000;
    private static readonly ConcurrentDictionary<Guid, byte[]> Cache = new();

    internal static MasterKey? Master { get; set; }

    /// <summary>Seals facts about a person with that person's key, making the key on first use.</summary>
    public static async Task<byte[]> Seal(Transaction tx, Guid person, object facts) =>
        MasterKey.SealWith(await Key(tx, person), person.ToString(), JsonSerializer.SerializeToUtf8Bytes(facts, JsonRules.Options));

    /// <summary>Opens sealed facts; null when the key they were sealed with was destroyed, also when the person got another one since.</summary>
    public static async Task<JsonElement?> Open(Database database, Guid person, byte[] data, CancellationToken stop)
    {
        var wrapped = await database.Find<byte[]>("select wrapped_key from foundation.person_keys where person_id = @person", new { person }, stop);
        return wrapped is null ? null : OpenWith(wrapped, person, data);
    }

    private static JsonElement? OpenWith(byte[] wrapped, Guid person, byte[] data)
    {
        var key = Master!.Open(Purpose, person.ToString(), wrapped);
        try { return JsonSerializer.Deserialize<JsonElement>(MasterKey.OpenWith(key, person.ToString(), data)); }
        catch (AuthenticationTagMismatchException) { return null; }
    }

    /// <summary>The same in a transaction.</summary>
    public static async Task<JsonElement?> Open(Transaction tx, Guid person, byte[] data) =>
        await tx.Find<byte[]>("select wrapped_key from foundation.person_keys where person_id = @person", new { person }) is { } wrapped ? OpenWith(wrapped, person, data) : null;

    /// <summary>Opens what is sealed for many people after one read of their keys; what cannot be opened any more is null.</summary>
    public static async Task<Func<Guid?, byte[]?, JsonElement?>> Opener(Database database, IEnumerable<Guid> people, CancellationToken stop)
    {
        var ids = people.Distinct().ToArray();
        var wrapped = ids.Length == 0 ? [] : await database.List<Wrapped>("select person_id, wrapped_key from foundation.person_keys where person_id = any(@ids)", new { ids }, stop);
        var keys = wrapped.ToDictionary(k => k.PersonId, k => Master!.Open(Purpose, k.PersonId.ToString(), k.WrappedKey));
        return (person, data) => person is { } id && data is not null && keys.TryGetValue(id, out var key)
            ? JsonSerializer.Deserialize<JsonElement>(MasterKey.OpenWith(key, id.ToString(), data)) : null;
    }

    /// <summary>A keyed hash of a text about a person, 32 bytes, by which it is found and cannot be read or guessed without the master key.</summary>
    public static byte[] Blind(string purpose, string text) => HMACSHA256.HashData(Master!.Derive(purpose), Encoding.UTF8.GetBytes(text));

    private sealed record Wrapped(Guid PersonId, byte[] WrappedKey);

    /// <summary>Whether the person has a key; held until the end of the transaction, so that it is not destroyed meanwhile.</summary>
    public static async Task<bool> Exists(Transaction tx, Guid person) =>
        await tx.Find<Guid?>("select person_id from foundation.person_keys where person_id = @person for key share", new { person }) is not null;

    /// <summary>Destroys the key on erasure.</summary>
    public static async Task Destroy(Transaction tx, Guid person)
    {
        await tx.Change("delete from foundation.person_keys where person_id = @person", new { person });
        tx.AfterCommit(() => Cache.TryRemove(person, out _));
    }

    /// <summary>Forgets what this node knows of the key: a node that is told of a change reads it anew.</summary>
    public static void Forget(Guid person) => Cache.TryRemove(person, out _);

    private static async Task<byte[]> Key(Transaction tx, Guid person)
    {
        if (Cache.TryGetValue(person, out var known)) return known;
        var wrapped = await tx.Find<byte[]>("select wrapped_key from foundation.person_keys where person_id = @person", new { person });
        if (wrapped is null)
        {
            var fresh = Master!.Seal(Purpose, person.ToString(), RandomNumberGenerator.GetBytes(32));
            await tx.Change("insert into foundation.person_keys (person_id, wrapped_key, made_at) values (@person, @fresh, @now) on conflict do nothing", new { person, fresh, now = tx.Now });
            wrapped = await tx.Get<byte[]>("select wrapped_key from foundation.person_keys where person_id = @person", new { person });
        }
        var key = Master!.Open(Purpose, person.ToString(), wrapped);
        // Cached only once it is surely committed: a key of a rolled-back transaction must never seal anything else.
        tx.AfterCommit(() => { if (Cache.Count < MaxCached) Cache[person] = key; });
        return key;
    }
}
