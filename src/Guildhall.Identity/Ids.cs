using Guildhall.Foundation;

namespace Guildhall.Identity;

/// <summary>An account, which is a person. Other modules know it as a plain <see cref="Guid"/>.</summary>
public readonly record struct AccountId(Guid Value) : IId<AccountId>
{
    public static string Prefix => "acc";
    public static AccountId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out AccountId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>A session of an account.</summary>
public readonly record struct SessionId(Guid Value) : IId<SessionId>
{
    public static string Prefix => "ses";
    public static SessionId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out SessionId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>A second step of signing in or stepping up.</summary>
public readonly record struct ChallengeId(Guid Value) : IId<ChallengeId>
{
    public static string Prefix => "chl";
    public static ChallengeId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out ChallengeId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>What was thought of a sign-in.</summary>
public readonly record struct SignInDecisionId(Guid Value) : IId<SignInDecisionId>
{
    public static string Prefix => "sid";
    public static SignInDecisionId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out SignInDecisionId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>A network that staff blocked.</summary>
public readonly record struct NetworkBlockId(Guid Value) : IId<NetworkBlockId>
{
    public static string Prefix => "net";
    public static NetworkBlockId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out NetworkBlockId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>A browser or program that an account has signed in with.</summary>
public readonly record struct DeviceId(Guid Value) : IId<DeviceId>
{
    public static string Prefix => "dev";
    public static DeviceId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out DeviceId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>A passkey of an account.</summary>
public readonly record struct PasskeyId(Guid Value) : IId<PasskeyId>
{
    public static string Prefix => "psk";
    public static PasskeyId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out PasskeyId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Something that a browser was asked to sign with a passkey.</summary>
internal readonly record struct PasskeyAskId(Guid Value) : IId<PasskeyAskId>
{
    public static string Prefix => "pka";
    public static PasskeyAskId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out PasskeyAskId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>An invitation to join with roles.</summary>
public readonly record struct InvitationId(Guid Value) : IId<InvitationId>
{
    public static string Prefix => "ivt";
    public static InvitationId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out InvitationId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>A copy of what is held about a person.</summary>
public readonly record struct ExportId(Guid Value) : IId<ExportId>
{
    public static string Prefix => "exp";
    public static ExportId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? provider, out ExportId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
