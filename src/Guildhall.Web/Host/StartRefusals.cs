namespace Guildhall.Web.Host;

/// <summary>What a production start refuses, one sentence each, besides what is missing: everything that is only for trying the product out or for
/// writing it, and connections that anybody on the way could read.</summary>
internal static class StartRefusals
{
    // Keys that stand in documents and examples.
    private static readonly string[] Defaults = ["changeme", "change-me", "password", "secret", "guildhall", "example", "test", "placeholder"];

    public static IEnumerable<string> InProduction(IConfiguration config, bool development, string? listen)
    {
        if (development) yield return "A Development build or environment cannot run in production mode. Unset ASPNETCORE_ENVIRONMENT.";
#if DEBUG
        yield return "This is a Debug build, which has a developer's sign-in. Production takes a Release build.";
#endif
        if (config["GUILDHALL_DEV_SIGN_IN"] is { Length: > 0 }) yield return "GUILDHALL_DEV_SIGN_IN is set: there is no developer's sign-in in production. Remove it.";
        if (config["GUILDHALL_RATE_FACTOR"] is { Length: > 0 }) yield return "GUILDHALL_RATE_FACTOR weakens every limit and is only for the sandbox. Remove it.";
        if (config["GUILDHALL_SANDBOX_URL"] is { Length: > 0 }) yield return "GUILDHALL_SANDBOX_URL is set: production has no sandbox. Remove it, or say GUILDHALL_MODE=sandbox.";
        foreach (var name in new[] { "STRIPE_KEY", "STRIPE_WEBHOOK_SECRET" })
            if (config["GUILDHALL_" + name] is { Length: > 0 } value && IsDefault(value)) yield return $"GUILDHALL_{name} is a default that everybody knows. Put your own.";
        if (Scheme(config, "STRIPE_API") is not (null or "https")) yield return "GUILDHALL_STRIPE_API must be https: it carries the secret key.";
        if (Scheme(config, "SMTP") is not (null or "smtp" or "smtps")) yield return "GUILDHALL_SMTP is smtps://…, or smtp://… which turns encryption on before anything is said.";
        foreach (var sentence in Tls(config, listen)) yield return sentence;
    }

    /// <summary>Whether 32 bytes could have come from a generator: most of them differ, and they neither count nor repeat.</summary>
    public static bool LooksRandom(ReadOnlySpan<byte> key)
    {
        var (seen, steps) = (new HashSet<byte>(), new HashSet<byte>());
        for (var i = 0; i < key.Length; i++)
        {
            seen.Add(key[i]);
            if (i > 0) steps.Add((byte)(key[i] - key[i - 1]));
        }
        var isText = true;
        foreach (var value in key) isText &= value is >= 32 and < 127;
        return seen.Count >= 20 && steps.Count >= 16 && !isText;
    }

    private static IEnumerable<string> Tls(IConfiguration config, string? listen)
    {
        var (certificate, key) = (config["GUILDHALL_TLS_CERTIFICATE"], config["GUILDHALL_TLS_KEY"]);
        if (string.IsNullOrEmpty(certificate) != string.IsNullOrEmpty(key)) yield return "GUILDHALL_TLS_CERTIFICATE and GUILDHALL_TLS_KEY go together: two PEM files.";
        foreach (var file in new[] { certificate, key })
            if (file is { Length: > 0 } && !File.Exists(file)) yield return $"The file {file} of the TLS settings cannot be read.";
        if (listen is not null && listen.StartsWith("https:", StringComparison.OrdinalIgnoreCase) && string.IsNullOrEmpty(certificate))
            yield return "This node ends TLS itself (GUILDHALL_LISTEN is https) and has no certificate: set GUILDHALL_TLS_CERTIFICATE and GUILDHALL_TLS_KEY, or listen on http behind a proxy that is trusted.";
    }

    private static string? Scheme(IConfiguration config, string name) => Uri.TryCreate(config["GUILDHALL_" + name], UriKind.Absolute, out var address) ? address.Scheme : null;

    private static bool IsDefault(string value) => Defaults.Contains(value.Trim().ToLowerInvariant(), StringComparer.Ordinal) || value.Length < 12;
}
