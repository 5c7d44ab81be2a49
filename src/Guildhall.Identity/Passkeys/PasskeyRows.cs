using Guildhall.Foundation.Data;
using Guildhall.Identity.Proofs;
using Microsoft.AspNetCore.Identity;

namespace Guildhall.Identity.Passkeys;

/// <summary>Whose passkey it is.</summary>
/// <param name="Account">As it stands under the lock of its row; null when only the id was of interest.</param>
internal sealed record PasskeyOwner(AccountId Id, CompleteSignIn.Locked? Account);

/// <summary>Our tables as the framework's handler reads them. It is given no way to write: what it found is written by the use cases.</summary>
internal sealed class PasskeyRows(Transaction tx) : IUserPasskeyStore<PasskeyOwner>
{
    /// <summary>The credential that was to be added is some account's already.</summary>
    public bool FoundTaken { get; private set; }

    public Task<string> GetUserIdAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public async Task<PasskeyOwner?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        if (!AccountId.TryParse(userId, null, out var id)) return null;
        return await CompleteSignIn.TryLock(tx, id) is { } account ? new PasskeyOwner(id, account) : null;
    }

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyOwner user, CancellationToken cancellationToken) =>
        [.. (await tx.List<Row>(ReadSql, new { user.Id, credential = (byte[]?)null, limit = AddPasskey.Most })).Select(r => r.Info)];

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await tx.Find<Row>(ReadSql, new { user.Id, credential = credentialId, limit = 1 }))?.Info;

    public async Task<PasskeyOwner?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        if (await tx.Find<AccountId?>("select account_id from identity.passkeys where credential_id = @credentialId", new { credentialId }) is not { } owner) return null;
        FoundTaken = true;
        return new PasskeyOwner(owner, null);
    }

    private sealed record Row(byte[] CredentialId, byte[] PublicKey, string[] Transports, bool Verified, bool BackupEligible, bool BackedUp, DateTimeOffset CreatedAt)
    {
        // The counter is kept from the handler, which would refuse a lower one without saying why: PasskeyCheck compares and sets it.
        public UserPasskeyInfo Info => new(CredentialId, PublicKey, CreatedAt, signCount: 0, Transports, Verified, BackupEligible, BackedUp, attestationObject: [], clientDataJson: []);
    }

    private const string ReadSql = """
        select credential_id, public_key, transports, verified, backup_eligible, backed_up, created_at
        from identity.passkeys where account_id = @Id and (@credential is null or credential_id = @credential) order by created_at, id limit @limit
        """;

    public void Dispose() { }

    // What the handler never calls.
    public Task AddOrUpdatePasskeyAsync(PasskeyOwner user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw Never();
    public Task RemovePasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) => throw Never();
    public Task<IdentityResult> CreateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw Never();
    public Task<IdentityResult> UpdateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw Never();
    public Task<IdentityResult> DeleteAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw Never();
    public Task<PasskeyOwner?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw Never();
    public Task<string?> GetUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw Never();
    public Task<string?> GetNormalizedUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw Never();
    public Task SetUserNameAsync(PasskeyOwner user, string? userName, CancellationToken cancellationToken) => throw Never();
    public Task SetNormalizedUserNameAsync(PasskeyOwner user, string? normalizedName, CancellationToken cancellationToken) => throw Never();

    private static NotSupportedException Never() => new("Passkeys are written by the use cases of this module.");
}
