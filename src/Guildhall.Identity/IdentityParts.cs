using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Phones;
using Guildhall.Identity.Risk;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;
using Guildhall.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Identity;

/// <summary>What the deployment says about identity.</summary>
/// <param name="Product">Public address: issuer of tokens, base of links, and by its scheme which cookie is used.</param>
/// <param name="PlainHttpAllowed">Sandbox mode or Development: a cookie without https is possible, on this machine only.</param>
/// <param name="Master">Key that everything secret here is derived from or wrapped by.</param>
/// <param name="TokenAlgorithm"><c>ES256</c>, or <c>RS256</c> with keys of 3072 bits.</param>
/// <param name="KeyModule">The security module that wraps signing keys; null: the master key does.</param>
public sealed record IdentityOptions(Uri Product, bool PlainHttpAllowed, MasterKey Master, string TokenAlgorithm = "ES256", KeyModuleOptions? KeyModule = null)
{
    public string Issuer { get; } = Product.GetLeftPart(UriPartial.Authority);
    public string Audience { get; } = Product.GetLeftPart(UriPartial.Authority) + "/api";

    /// <summary>File that knows where addresses are; null without one.</summary>
    public string? GeoIpFile { get; init; }
    /// <summary>How new passwords are hashed.</summary>
    public HashRecipe Hash { get; init; } = HashRecipe.Default;

    /// <summary>Range service that knows breached passwords; null: only the list in the program.</summary>
    public Uri? PwnedApi { get; init; }

    /// <summary>Files of networks with a bad name.</summary>
    public IReadOnlyList<string> IpLists { get; init; } = [];
}

/// <summary>What the use cases of this module work with; pages inject it and pass it on.</summary>
public sealed class IdentityParts
{
    internal IdentityParts(IServiceProvider services)
    {
        Database = services.GetRequiredService<Database>();
        Limits = services.GetRequiredService<RateLimits>();
        Quotas = services.GetRequiredService<Quotas>();
        Channel = services.GetRequiredService<NodeChannel>();
        Options = services.GetRequiredService<IdentityOptions>();
        Codes = new VerificationCodes(Options.Master);
        PhoneCodes = services.GetRequiredService<PhoneCodes>();
        Sms = services.GetRequiredService<TwilioOptions>();
        Passwords = services.GetRequiredService<PasswordHash>();
        Hashing = services.GetRequiredService<HashingThreads>();
        Breached = services.GetRequiredService<BreachedPasswords>();
        Tokens = services.GetRequiredService<AccessTokens>();
        Sessions = services.GetRequiredService<CheckSession>();
        PlaceOf = services.GetRequiredService<PlaceOf>();
        Lists = services.GetRequiredService<AddressLists>();
        Marks = new SignInMarks(Options.Master);
    }

    internal Database Database { get; }
    internal RateLimits Limits { get; }
    internal Quotas Quotas { get; }
    internal NodeChannel Channel { get; }
    internal IdentityOptions Options { get; }
    internal VerificationCodes Codes { get; }
    internal PhoneCodes PhoneCodes { get; }
    internal TwilioOptions Sms { get; }
    internal PasswordHash Passwords { get; }
    internal HashingThreads Hashing { get; }
    internal BreachedPasswords Breached { get; }
    internal HashingThreads Measuring { get; } = new(1);
    internal AccessTokens Tokens { get; }
    internal CheckSession Sessions { get; }
    internal PlaceOf PlaceOf { get; }
    internal AddressLists Lists { get; }
    internal SignInMarks Marks { get; }
}
