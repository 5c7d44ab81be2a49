using Guildhall.Files.Storage;

namespace Guildhall.Web.Host.Gateways;

/// <summary><c>GUILDHALL_S3_…</c>: none of them, or all that a bucket needs.</summary>
internal static class S3Settings
{
    private static readonly string[] All = ["ENDPOINT", "BUCKET", "REGION", "KEY", "SECRET", "SECRET_FILE", "PREFIX"];

    /// <summary>Null when nothing is set, or when something is wrong with it.</summary>
    public static S3Options? Read(IConfiguration config, bool sandbox, List<string> wrong)
    {
        var before = wrong.Count;
        var set = new GatewayVariables(config, "S3", wrong);
        if (All.All(v => set.Text(v) is null)) return null;
        var (bucket, region, key, secret) = (set.Text("BUCKET"), set.Text("REGION"), set.Text("KEY"), set.Secret("SECRET"));
        if (bucket is null || region is null || key is null || secret is null)
            wrong.Add("GUILDHALL_S3_BUCKET, GUILDHALL_S3_REGION, GUILDHALL_S3_KEY and GUILDHALL_S3_SECRET belong together: set all four or none of GUILDHALL_S3_….");
        if (bucket is not null && !(bucket.Length is >= 3 and <= 63 && bucket.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')))
            wrong.Add("GUILDHALL_S3_BUCKET is 3 to 63 small letters, digits, dots and hyphens.");
        if (region is not null && !region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-')) wrong.Add("GUILDHALL_S3_REGION is like eu-central-1; R2: auto.");
        if (!sandbox && secret is "guildhall_sandbox_s3_secret") wrong.Add("GUILDHALL_S3_SECRET is the sandbox's. Put your own secret.");
        var prefix = set.Text("PREFIX") ?? "";
        if (!prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/') || prefix.StartsWith('/') || (prefix.Length > 0 && !prefix.EndsWith('/')))
            wrong.Add("GUILDHALL_S3_PREFIX is letters, digits, - and _ between slashes, and ends with a slash: shop/.");
        var endpoint = set.Address("ENDPOINT", $"https://s3.{region ?? "none"}.amazonaws.com", sandbox);
        if (endpoint is { AbsolutePath: not "/" }) wrong.Add("GUILDHALL_S3_ENDPOINT has no path: the bucket is added to it.");
        return wrong.Count > before ? null : new S3Options(endpoint!, bucket!, region!, key!, secret!, prefix);
    }
}
