using Guildhall.Identity.Proofs;

namespace Guildhall.Identity.Phones;

/// <summary>What a text message is worth as a proof, said wherever one is offered (ASVS 6.6.1, NIST SP 800-63B "restricted").</summary>
/// <param name="Text">For people.</param>
/// <param name="Safer">Ways that do not share the weakness.</param>
public sealed record SmsRisk(string Text, IReadOnlyList<ProofMethod> Safer)
{
    public static readonly SmsRisk Said = new(
        "Codes by text message can be read or redirected by others, for example when somebody takes over your number. A passkey or an authenticator app is safer.",
        [ProofMethod.Passkey, ProofMethod.Totp]);
}
