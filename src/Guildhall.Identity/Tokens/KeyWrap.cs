using Guildhall.Foundation.Security;

namespace Guildhall.Identity.Tokens;

/// <summary>Wraps the private halves of signing keys for the database. A row says by which wrap it was made, so that a change of the wrap takes effect with
/// the next key and loses none.</summary>
internal interface IKeyWrap
{
    /// <summary>As it stands in the row.</summary>
    string Name { get; }

    /// <summary>Bound to its context (the key id): wrapped bytes cannot be moved to another row.</summary>
    byte[] Wrap(string context, byte[] key);

    /// <summary>Throws when wrap, context or bytes differ.</summary>
    byte[] Unwrap(string context, byte[] wrapped);
}

/// <summary>By the installation's master key, from the environment or a file.</summary>
internal sealed class MasterKeyWrap(MasterKey master) : IKeyWrap
{
    private const string Purpose = "identity.signing-key";

    public string Name => "master";
    public byte[] Wrap(string context, byte[] key) => master.Seal(Purpose, context, key);
    public byte[] Unwrap(string context, byte[] wrapped) => master.Open(Purpose, context, wrapped);
}
