using System.Security.Cryptography;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Ledger.Seal;

/// <summary>The key that signs checkpoints (ES256): its private half is wrapped by the master key, its public half is published and stands in the
/// file of checkpoints. Whoever owns the database alone cannot sign.</summary>
public static class SealKeys
{
    private const string Purpose = "money.seal-key";

    /// <param name="PublicKey">SubjectPublicKeyInfo, base 64.</param>
    public sealed record Published(string Kid, string PublicKey, DateTimeOffset CreatedAt);

    private sealed record Row(string Kid, byte[] PublicKey, byte[] SealedKey, DateTimeOffset CreatedAt);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/ledger/keys", async (Database database, CancellationToken stop) => Results.Ok(await List(database, stop)))
        .WithName(nameof(SealKeys)).ForAnyone().Produces<IReadOnlyList<Published>>();

    public static async Task<IReadOnlyList<Published>> List(Database database, CancellationToken stop) =>
        [.. (await database.List<Row>(RowsSql, stop: stop)).Select(r => new Published(r.Kid, Convert.ToBase64String(r.PublicKey), r.CreatedAt))];

    /// <summary>Signs with the newest key, made on first use. The caller holds the lock of the seal.</summary>
    internal static async Task<(string Kid, byte[] Signature)> Sign(Transaction tx, MasterKey master, byte[] data)
    {
        var row = (await tx.List<Row>(RowsSql)) is [var newest, ..] ? newest : await Make(tx, master);
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(master.Open(Purpose, row.Kid, row.SealedKey), out _);
        return (row.Kid, key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    private static async Task<Row> Make(Transaction tx, MasterKey master)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var kid = "s" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        var row = new Row(kid, key.ExportSubjectPublicKeyInfo(), master.Seal(Purpose, kid, key.ExportPkcs8PrivateKey()), tx.Now);
        await tx.ChangeOne("insert into money.seal_keys (kid, public_key, sealed_key, created_at) values (@kid, @publicKey, @sealedKey, @now)",
            new { kid, publicKey = row.PublicKey, sealedKey = row.SealedKey, now = tx.Now });
        return row;
    }

    private const string RowsSql = "select kid, public_key, sealed_key, created_at from money.seal_keys order by created_at desc, kid limit 100";
}
