using System.Collections.Concurrent;
using System.Security.Cryptography;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guildhall.Identity.Tokens;

/// <summary>The ES256 keys of access tokens: in the database, the private half wrapped by the master key. One is active, one is next (published
/// a whole term before it signs, so that no node ever meets a key it does not know), retired ones verify until the last token they signed
/// has run out. A key id that is not known is refused without looking anywhere.</summary>
internal sealed class SigningKeys(Database database, MasterKey master, NodeChannel channel, ILogger<SigningKeys> log) : BackgroundService
{
    public const string Topic = "signing-keys";
    private const string Purpose = "identity.signing-key";
    private static readonly TimeSpan Term = TimeSpan.FromDays(30);
    private static readonly TimeSpan KeptRetired = TimeSpan.FromHours(1);
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMinutes(1);
    private Dictionary<string, SigningKey> _known = new(StringComparer.Ordinal);

    private sealed record Row(string Kid, string State, byte[] PublicKey, byte[] SealedKey);

    public SigningKey Active => _known.Values.Single(k => k.IsActive);

    public SigningKey? Find(string kid) => _known.GetValueOrDefault(kid);

    public IReadOnlyCollection<SigningKey> Published => _known.Values;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.InTransaction(tx => Ensure(tx, master), cancellationToken);
        await Load(cancellationToken);
        channel.On(Topic, _ => Load(CancellationToken.None));
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ReadEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try { await Load(stoppingToken); }
            catch (Npgsql.NpgsqlException problem) { log.LogWarning("signing_keys_not_read {Reason}", problem.Message); }
    }

    private async Task Load(CancellationToken stop)
    {
        var rows = await database.List<Row>(ReadKeys, new { since = database.Clock.GetUtcNow() - KeptRetired }, stop);
        _known = rows.ToDictionary(r => r.Kid, r => _known.TryGetValue(r.Kid, out var known)
            ? known with { IsActive = r.State is "active" }
            : new SigningKey(r.Kid, r.State is "active", r.PublicKey, master.Open(Purpose, r.Kid, r.SealedKey)), StringComparer.Ordinal);
    }

    /// <summary>Makes the first two keys when there are none.</summary>
    internal static async Task Ensure(Transaction tx, MasterKey master)
    {
        await tx.Change(LockKeys);
        if (await tx.Find<string>("select kid from identity.signing_keys where state = 'active'") is not null) return;
        await Add(tx, master, "active");
        await Add(tx, master, "next");
    }

    /// <summary>When the active key has served its term: it retires, the next one becomes active, a new next one is published.</summary>
    internal static async Task Rotate(Transaction tx, MasterKey master, bool force = false)
    {
        await tx.Change(LockKeys);
        var since = force ? tx.Now.AddDays(1) : tx.Now - Term;
        if (await tx.ChangeNow(Retire, new { since, now = tx.Now }) == 0) return;
        await tx.ChangeOne("update identity.signing_keys set state = 'active', active_from = @now where state = 'next'", new { now = tx.Now });
        await Add(tx, master, "next");
    }

    private static Task Add(Transaction tx, MasterKey master, string state)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var kid = "k" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        return tx.ChangeOne(AddKey, new
        {
            kid, state, publicKey = key.ExportSubjectPublicKeyInfo(), sealedKey = master.Seal(Purpose, kid, key.ExportPkcs8PrivateKey()),
            now = tx.Now, activeFrom = state is "active" ? tx.Now : (DateTimeOffset?)null,
        });
    }

    private const string LockKeys = "select pg_advisory_xact_lock(hashtextextended('identity.signing-keys', 0))";

    private const string ReadKeys = """
        select kid, state, public_key, sealed_key from identity.signing_keys where state <> 'retired' or retired_at > @since order by created_at desc limit 20
        """;

    private const string AddKey = """
        insert into identity.signing_keys (kid, state, public_key, sealed_key, created_at, active_from)
        values (@kid, @state, @publicKey, @sealedKey, @now, @activeFrom)
        """;

    private const string Retire = "update identity.signing_keys set state = 'retired', retired_at = @now where state = 'active' and active_from < @since";
}

/// <summary>One key. ECDsa instances are not promised to be safe for several threads, so each use borrows one.</summary>
internal sealed record SigningKey(string Kid, bool IsActive, byte[] PublicKey, byte[] PrivateKey)
{
    public const int SignatureBytes = 64;
    private readonly ConcurrentBag<ECDsa> _idle = [];

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var key = Borrow();
        try { return key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation); }
        finally { _idle.Add(key); }
    }

    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureBytes) return false;
        if (!signature[..32].ContainsAnyExcept((byte)0) || !signature[32..].ContainsAnyExcept((byte)0)) return false; // CVE-2022-21449
        var key = Borrow();
        try { return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation); }
        finally { _idle.Add(key); }
    }

    private ECDsa Borrow()
    {
        if (_idle.TryTake(out var idle)) return idle;
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(PrivateKey, out _);
        return key;
    }
}

/// <summary>Daily: lets the signing keys move on when their term is over.</summary>
internal sealed record RotateSigningKeys : IJob
{
    public static string Kind => "rotate_signing_keys";
}
