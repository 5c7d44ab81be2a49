using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.DataProtection;

namespace Guildhall.Web.Host;

/// <summary>Protects the framework's own values (antiforgery tokens) with the master key, so that every node reads what another wrote and
/// no key ring has to be kept anywhere.</summary>
internal sealed class MasterKeyProtection(MasterKey master, string purpose = "web") : IDataProtectionProvider, IDataProtector
{
    private const string Purpose = "data-protection";

    public IDataProtector CreateProtector(string purpose1) => new MasterKeyProtection(master, purpose + "\n" + purpose1);

    IDataProtector IDataProtectionProvider.CreateProtector(string purpose) => CreateProtector(purpose);

    public byte[] Protect(byte[] plaintext) => master.Seal(Purpose, purpose, plaintext);

    public byte[] Unprotect(byte[] protectedData) => master.Open(Purpose, purpose, protectedData);
}
