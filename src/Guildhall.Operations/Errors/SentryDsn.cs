namespace Guildhall.Operations.Errors;

/// <summary>Where errors are reported, as Sentry writes it: <c>https://key@host/project</c>.</summary>
/// <param name="Address">Takes envelopes.</param>
/// <param name="Key">Public key of the project.</param>
public sealed record SentryDsn(Uri Address, string Key)
{
    /// <summary>Null when it is none. Plain http only to this machine.</summary>
    public static SentryDsn? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var dsn) || dsn.UserInfo is not { Length: > 0 } key || key.Contains(':', StringComparison.Ordinal)) return null;
        if (dsn.Scheme is not "https" && !(dsn.Scheme is "http" && dsn.IsLoopback)) return null;
        var path = dsn.AbsolutePath.TrimEnd('/');
        if (path.LastIndexOf('/') is not (>= 0 and var cut)) return null;
        var (before, project) = (path[..cut], path[(cut + 1)..]);
        return project.Length == 0 || !project.All(char.IsAsciiLetterOrDigit) ? null : new SentryDsn(new Uri($"{dsn.Scheme}://{dsn.Authority}{before}/api/{project}/envelope/"), key);
    }
}
