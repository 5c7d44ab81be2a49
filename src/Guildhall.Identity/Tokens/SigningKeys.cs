using System.Security.Cryptography;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guildhall.Identity.Tokens;

/// <summary>The keys of access tokens: in the database, the private half wrapped (<see cref="IKeyWrap"/>). One is active, one is next (published
/// a whole term before it signs, so that no node ever meets a key it does not know), retired ones verify until the last token they signed
/// has run out. A key id that is not known is refused without looking anywhere.</summary>
internal sealed class SigningKeys(Database database, KeyMaker maker, NodeChannel channel, ILogger<SigningKeys> log) : BackgroundService
{
    public const string Topic = "signing-keys";
    private static readonly TimeSpan Term = TimeSpan.FromDays(30);
    private static readonly TimeSpan KeptRetired = TimeSpan.FromHours(1);
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMinutes(1);
    private Dictionary<string, SigningKey> _known = new(StringComparer.Ordinal);

    private sealed record Row(string Kid, string State, string Algorithm, byte[] PublicKey, byte[] SealedKey, string SealedBy);

    public SigningKey Active => _known.Values.Single(k => k.IsActive);

    public SigningKey? Find(string kid) => _known.GetValueOrDefault(kid);

    public IReadOnlyCollection<SigningKey> Published => _known.Values;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Ensure(database, maker, cancellationToken);
        await Load(cancellationToken);
        channel.On(Topic, _ => Load(CancellationToken.None));
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ReadEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try { await Load(stoppingToken); }
            catch (Exception problem) when (problem is Npgsql.NpgsqlException or CryptographicException) { log.LogWarning("signing_keys_not_read {Reason}", problem.Message); }
    }

    private async Task Load(CancellationToken stop)
    {
        var rows = await database.List<Row>(ReadKeys, new { since = database.Clock.GetUtcNow() - KeptRetired }, stop);
        _known = rows.ToDictionary(r => r.Kid, r => _known.TryGetValue(r.Kid, out var known)
            ? known with { IsActive = r.State is "active" }
            : new SigningKey(r.Kid, r.Algorithm, r.State is "active", r.PublicKey, maker.Unwrap(r.SealedBy, r.Kid, r.SealedKey)), StringComparer.Ordinal);
    }

    /// <summary>Makes the first two keys when there are none.</summary>
    private static async Task Ensure(Database database, KeyMaker maker, CancellationToken stop)
    {
        if (await database.Find<string>(ReadActive, stop: stop) is not null) return;
        var (active, next) = (maker.Make(), maker.Make());
        await database.InTransaction(async tx =>
        {
            await tx.Change(LockKeys);
            if (await tx.Find<string>(ReadActive) is not null) return;
            await Add(tx, active, "active");
            await Add(tx, next, "next");
        }, stop);
    }

    /// <summary>When the active key has served its term, or at once when <paramref name="force"/>d: it retires, the next one becomes active, a new next one
    /// is published. The new key is made and wrapped before the transaction: a security module may be slow.</summary>
    internal static async Task<bool> Rotate(Database database, KeyMaker maker, CancellationToken stop, bool force = false)
    {
        var since = force ? database.Clock.GetUtcNow().AddDays(1) : database.Clock.GetUtcNow() - Term;
        if (await database.Find<string>("select kid from identity.signing_keys where state = 'active' and active_from < @since", new { since }, stop) is null) return false;
        var fresh = maker.Make();
        return await database.InTransaction(async tx =>
        {
            await tx.Change(LockKeys);
            if (await tx.ChangeNow(Retire, new { since, now = tx.Now }) == 0) return false;
            await tx.ChangeOne("update identity.signing_keys set state = 'active', active_from = @now where state = 'next'", new { now = tx.Now });
            await Add(tx, fresh, "next");
            return true;
        }, stop);
    }

    private static Task Add(Transaction tx, KeyMaker.Made key, string state) => tx.ChangeOne(AddKey, new
    {
        key.Kid, state, key.Algorithm, key.PublicKey, key.Wrapped, key.WrappedBy, now = tx.Now, activeFrom = state is "active" ? tx.Now : (DateTimeOffset?)null,
    });

    private const string LockKeys = "select pg_advisory_xact_lock(hashtextextended('identity.signing-keys', 0))";

    private const string ReadActive = "select kid from identity.signing_keys where state = 'active'";

    private const string ReadKeys = """
        select kid, state, algorithm, public_key, sealed_key, sealed_by from identity.signing_keys where state <> 'retired' or retired_at > @since order by created_at desc limit 20
        """;

    private const string AddKey = """
        insert into identity.signing_keys (kid, state, algorithm, public_key, sealed_key, sealed_by, created_at, active_from)
        values (@Kid, @state, @Algorithm, @PublicKey, @Wrapped, @WrappedBy, @now, @activeFrom)
        """;

    private const string Retire = "update identity.signing_keys set state = 'retired', retired_at = @now where state = 'active' and active_from < @since";
}

/// <summary>Makes signing keys of the configured algorithm and wraps them in the configured way; opens those of any.</summary>
internal sealed class KeyMaker(string algorithm, IKeyWrap wrap, IKeyWrap master)
{
    internal sealed record Made(string Kid, string Algorithm, byte[] PublicKey, byte[] Wrapped, string WrappedBy);

    public Made Make()
    {
        var kid = "k" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        var (shown, hidden) = SigningKey.Make(algorithm);
        return new Made(kid, algorithm, shown, wrap.Wrap(kid, hidden), wrap.Name);
    }

    public byte[] Unwrap(string by, string kid, byte[] wrapped) =>
        (string.Equals(by, wrap.Name, StringComparison.Ordinal) ? wrap : string.Equals(by, master.Name, StringComparison.Ordinal) ? master
            : throw new InvalidOperationException($"The signing key {kid} is wrapped by {by}, which is not set up. Set GUILDHALL_KEY_MODULE as it was.")).Unwrap(kid, wrapped);
}

/// <summary>Daily: lets the signing keys move on when their term is over.</summary>
internal sealed record RotateSigningKeys : IJob
{
    public static string Kind => "rotate_signing_keys";

    public static async Task Run(JobContext context, RotateSigningKeys _)
    {
        if (await SigningKeys.Rotate(context.Database, context.Get<KeyMaker>(), context.Stop)) await context.Get<NodeChannel>().Broadcast(SigningKeys.Topic, "");
    }
}
