using System.Runtime.ExceptionServices;
using System.Text.Json;
using Guildhall.Foundation.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guildhall.Identity.Passkeys;

/// <summary>Why a passkey was not accepted. Staff read it in the audit; whoever tried is told one sentence for all.</summary>
internal enum PasskeyFault { NotValid, WrongOrigin, CounterWentBack, Taken }

/// <summary>A passkey that proved itself, or the fault.</summary>
/// <param name="Whose">Known though the passkey was refused: the signature was right.</param>
internal sealed record ProvenPasskey(PasskeyOwner? Owner, PasskeyFault Fault, AccountId? Whose = null);

/// <summary>A credential that may be added, or the fault.</summary>
internal sealed record NewPasskey(UserPasskeyInfo? Info, PasskeyFault Fault);

/// <summary>WebAuthn by the framework's handler under our rules: one origin and one domain from the product's own address, the device has checked its
/// person, no attestation. The handler is given an empty request, so nothing that a client says of host or origin reaches it.</summary>
internal sealed class PasskeyCheck
{
    private const int MaxCredential = 16_000;
    private readonly Transaction _tx;
    private readonly PasskeyRows _rows;
    private readonly PasskeyHandler<PasskeyOwner> _handler;
    private readonly DefaultHttpContext _noRequest = new();
    private bool _wrongOrigin;

    public PasskeyCheck(Transaction tx, IdentityOptions product)
    {
        (_tx, _rows) = (tx, new PasskeyRows(tx));
        // Of the user manager the handler uses only the reads that it passes on to the store.
        _handler = new PasskeyHandler<PasskeyOwner>(new UserManager<PasskeyOwner>(_rows, null!, null!, [], [], null!, null!, null!, null!), Options.Create(new IdentityPasskeyOptions
        {
            ServerDomain = product.Product.IdnHost,
            AuthenticatorTimeout = PasskeyAsks.Lifetime,
            UserVerificationRequirement = "required",
            ResidentKeyRequirement = "preferred",
            AttestationConveyancePreference = "none",
            ValidateOrigin = said =>
            {
                var isOurs = !said.CrossOrigin && said.TopOrigin is null && string.Equals(said.Origin, product.Issuer, StringComparison.Ordinal);
                _wrongOrigin |= !isOurs;
                return ValueTask.FromResult(isOurs);
            },
        }));
    }

    public async Task<PasskeyAsk> AskToCreate(AccountId account, string email, string displayName)
    {
        var made = await _handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = account.ToString(), Name = email, DisplayName = displayName }, _noRequest);
        return await PasskeyAsks.Put(_tx, PasskeyAskKind.Register, made.CreationOptionsJson, made.AttestationState!, account);
    }

    /// <param name="challenge">The second step of a known person; null for a sign-in, which asks nobody in particular.</param>
    public async Task<PasskeyAsk> AskToSign(AccountId? account = null, ChallengeId? challenge = null)
    {
        var made = await _handler.MakeRequestOptionsAsync(account is { } id ? new PasskeyOwner(id, null) : null, _noRequest);
        return await PasskeyAsks.Put(_tx, challenge is null ? PasskeyAskKind.SignIn : PasskeyAskKind.SecondStep, made.RequestOptionsJson, made.AssertionState!, account, challenge);
    }

    /// <summary>Checks what a browser made in answer to an ask. Writes nothing.</summary>
    public async Task<NewPasskey> Made(AccountId account, string state, JsonElement credential)
    {
        if (Text(credential) is not { } json) return new NewPasskey(null, PasskeyFault.NotValid);
        var result = await _handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = _noRequest, CredentialJson = json, AttestationState = state });
        if (result.Succeeded && string.Equals(result.UserEntity.Id, account.ToString(), StringComparison.Ordinal)) return new NewPasskey(result.Passkey, default);
        return new NewPasskey(null, _rows.FoundTaken ? PasskeyFault.Taken : FaultOf(result.Failure));
    }

    /// <summary>Checks a signature and moves the passkey's counter. A counter that does not go up is what a copied key looks like: refused, and audited.</summary>
    public async Task<ProvenPasskey> Proves(string state, JsonElement credential)
    {
        if (Text(credential) is not { } json) return new ProvenPasskey(null, PasskeyFault.NotValid);
        var result = await _handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = _noRequest, CredentialJson = json, AssertionState = state });
        if (!result.Succeeded) return new ProvenPasskey(null, FaultOf(result.Failure));
        var used = await _tx.ChangeNow(Use, new { owner = result.User.Id, credential = result.Passkey.CredentialId, count = (long)result.Passkey.SignCount, backedUp = result.Passkey.IsBackedUp, now = _tx.Now });
        return used == 1 ? new ProvenPasskey(result.User, default) : new ProvenPasskey(null, PasskeyFault.CounterWentBack, result.User.Id);
    }

    private static string? Text(JsonElement credential) => credential.ValueKind is JsonValueKind.Object && credential.GetRawText() is { Length: <= MaxCredential } text ? text : null;

    // The handler turns every exception into a failed check. That the database did not answer is none.
    private PasskeyFault FaultOf(PasskeyException? failure)
    {
        if (failure?.InnerException is NpgsqlException outage) ExceptionDispatchInfo.Throw(outage);
        return _wrongOrigin ? PasskeyFault.WrongOrigin : PasskeyFault.NotValid;
    }

    // Passkeys that are synced between devices count nothing and always say zero.
    private const string Use = """
        update identity.passkeys set sign_count = @count, backed_up = @backedUp, last_used_at = @now
        where account_id = @owner and credential_id = @credential and (sign_count < @count or (sign_count = 0 and @count = 0))
        """;
}
