using Guildhall.Foundation.Data;

namespace Guildhall.Identity.Proofs;

/// <summary>How a person proves who they are. The API and the database say these in snake case.</summary>
public enum ProofMethod { Password, PhoneCode, Passkey, Totp, BackupCode, SmsCode, EmailCode, Invitation, PasswordReset, Impersonation }

/// <summary>The rules of the ways to prove: see the table in the module's README.</summary>
internal static class Proof
{
    /// <summary>1: one factor. 2: two factors, or a passkey whose device checked the person. A code by e-mail recovers, it does not strengthen:
    /// NIST SP 800-63B section 5.1.3.1 rules e-mail out as a second factor.</summary>
    public static short Level(ProofMethod first, ProofMethod? second) => second switch
    {
        null => (short)(first is ProofMethod.Passkey ? 2 : 1),
        ProofMethod.EmailCode => 1,
        ProofMethod.SmsCode when first is ProofMethod.PhoneCode => 1,
        _ => 2,
    };

    /// <summary>The factors that are another than the first: a second code to the same phone is none.</summary>
    public static IReadOnlyList<ProofMethod> Besides(ProofMethod first, IReadOnlyList<ProofMethod> factors) =>
        first is ProofMethod.PhoneCode ? [.. factors.Where(f => f is not ProofMethod.SmsCode)] : factors;

    /// <summary>The second factors an account has, the strongest first; empty when it has none of its own. <c>EmailCode</c> is offered besides only to
    /// people without staff permissions.</summary>
    public static async Task<IReadOnlyList<ProofMethod>> SecondFactors(Transaction tx, AccountId account) => (await tx.Get<Has>($"select {HasColumns}", new { account })).SecondFactors;

    /// <summary>What an account can prove itself by. <c>Staff</c>: it has permissions of staff.</summary>
    internal sealed record Has(bool Totp, bool Passkey, bool Backup, bool Sms, bool Staff)
    {
        /// <inheritdoc cref="Proof.SecondFactors"/>
        public IReadOnlyList<ProofMethod> SecondFactors
        {
            get
            {
                List<ProofMethod> methods = [];
                if (Passkey) methods.Add(ProofMethod.Passkey);
                if (Totp) methods.Add(ProofMethod.Totp);
                if (methods.Count == 0) return methods;
                if (Backup) methods.Add(ProofMethod.BackupCode);
                if (Sms && !Staff) methods.Add(ProofMethod.SmsCode);
                if (!Staff) methods.Add(ProofMethod.EmailCode);
                return methods;
            }
        }
    }

    /// <summary>The columns of <see cref="Has"/>, of <c>@account</c>.</summary>
    internal const string HasColumns = """
        exists (select 1 from identity.totp where account_id = @account and confirmed_at is not null) as totp,
            exists (select 1 from identity.passkeys where account_id = @account) as passkey,
            exists (select 1 from identity.backup_codes where account_id = @account and used_at is null) as backup,
            exists (select 1 from identity.accounts where id = @account and phone_verified_at is not null) as sms,
            exists (select 1 from identity.account_roles r join identity.role_permissions p on p.role = r.role where r.account_id = @account) as staff
        """;

    /// <summary>Keeps the mark on the account in step with its factors: called by whoever adds or removes one, in that transaction.</summary>
    public static Task Mark(Transaction tx, AccountId account) => tx.ChangeOne("""
        update identity.accounts set second_factor = exists (select 1 from identity.totp where account_id = @account and confirmed_at is not null)
            or exists (select 1 from identity.passkeys where account_id = @account), changed_at = @now where id = @account
        """, new { account, now = tx.Now });
}
