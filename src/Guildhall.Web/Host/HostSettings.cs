using System.Net;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Payouts;
using Npgsql;

namespace Guildhall.Web.Host;

/// <summary>What the operator says in <c>GUILDHALL_…</c> variables. Unsafe or missing values stop the start with one sentence each.</summary>
internal sealed record HostSettings
{
    public required bool Sandbox { get; init; }
    public required bool Development { get; init; }
    public required string Database { get; init; }
    public string? DatabaseOwner { get; init; }
    public required Uri Url { get; init; }
    public required string Listen { get; init; }
    public required string Node { get; init; }
    public required byte[] MasterKey { get; init; }
    public required Uri StripeApi { get; init; }
    public required string StripeKey { get; init; }
    public required IReadOnlyList<string> StripeWebhookSecrets { get; init; }
    public BankOptions Bank { get; init; } = BankOptions.None;
    public Uri? Smtp { get; init; }
    public required string MailFrom { get; init; }
    public Uri? SandboxUrl { get; init; }
    public IReadOnlyList<AllowedTarget> WebhookAllow { get; init; } = [];
    public TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(15);
    public int RateFactor { get; init; } = 1;

    /// <summary>Networks of our own proxies: only what they write in <c>X-Forwarded-For</c> is believed.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Files of networks with a bad name.</summary>
    public IReadOnlyList<string> IpLists { get; init; } = [];

    /// <summary>File in the MaxMind format that knows where addresses are.</summary>
    public string? GeoIp { get; init; }

    /// <summary>File outside the database for the ledger's signed checkpoints.</summary>
    public string? LedgerCheckpoints { get; init; }

    public bool Https => string.Equals(Url.Scheme, "https", StringComparison.Ordinal);

    public string AppRole => new NpgsqlConnectionStringBuilder(Database).Username ?? "guildhall_app";

    /// <summary>Reads the settings, or lists everything that is wrong with them.</summary>
    public static (HostSettings? Settings, IReadOnlyList<string> Wrong) Read(IConfiguration config, bool development)
    {
        var wrong = new List<string>();
        var sandbox = Text("MODE") switch { null or "production" => false, "sandbox" => true, var other => Complain(false, $"GUILDHALL_MODE is {other}; it is `production` or `sandbox`.") };
        var key = Text("MASTER_KEY") is { } text && TryKey(text, out var bytes) ? bytes : Complain(new byte[32], "GUILDHALL_MASTER_KEY must be 32 random bytes in base 64: openssl rand -base64 32");
        var url = Address("URL", sandbox ? "http://localhost:5080" : null);
        if (!sandbox && key.Distinct().Count() < 8 && wrong.Count == 0) wrong.Add("GUILDHALL_MASTER_KEY is not random. Make one: openssl rand -base64 32");
        if (url is not null && url.Scheme == "http" && !(sandbox && url.IsLoopback)) wrong.Add("GUILDHALL_URL must be https; plain http is only for the sandbox on this machine.");
        var stripeKey = Required("STRIPE_KEY");
        if (!sandbox && stripeKey is "sk_test_guildhall") wrong.Add("GUILDHALL_STRIPE_KEY is the sandbox's. Put your own key.");
        var secrets = (Required("STRIPE_WEBHOOK_SECRET") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (!sandbox && secrets.Contains("whsec_guildhall_sandbox", StringComparer.Ordinal)) wrong.Add("GUILDHALL_STRIPE_WEBHOOK_SECRET is the sandbox's. Put your own secret.");
        if (!sandbox && development) wrong.Add("A Development build or environment cannot run in production mode. Unset ASPNETCORE_ENVIRONMENT.");
        var database = Required("DATABASE");
        if (!sandbox && database is not null && !database.Contains("Ssl Mode=VerifyFull", StringComparison.OrdinalIgnoreCase))
            wrong.Add("GUILDHALL_DATABASE must say `Ssl Mode=VerifyFull` in production.");

        var listen = Text("LISTEN") ?? url?.GetLeftPart(UriPartial.Authority) ?? "";
        var proxies = List("TRUSTED_PROXIES").Select(Network).OfType<IPNetwork>().ToArray();
        if (!sandbox && url?.Scheme == "https" && !listen.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && Text("TRUSTED_PROXIES") is null)
            wrong.Add("GUILDHALL_TRUSTED_PROXIES is empty while GUILDHALL_LISTEN is plain http: name the networks of the proxy in front, or every visitor has its address. Or listen on https.");
        if (string.Equals(config["ASPNETCORE_FORWARDEDHEADERS_ENABLED"], "true", StringComparison.OrdinalIgnoreCase))
            wrong.Add("ASPNETCORE_FORWARDEDHEADERS_ENABLED would believe any caller about its address. Unset it and name your proxies in GUILDHALL_TRUSTED_PROXIES.");

        if (!BankOptions.Read(Text("BANK_HOLDER"), Text("BANK_ACCOUNTS"), out var bank))
            wrong.Add("GUILDHALL_BANK_ACCOUNTS is like EUR=DE89370400440532013000/COBADEFFXXX, one account per currency with a space between, and GUILDHALL_BANK_HOLDER is whose they are, in Latin letters.");

        var settings = new HostSettings
        {
            Sandbox = sandbox, Development = development, Database = database ?? "", DatabaseOwner = Text("DATABASE_OWNER"), MasterKey = key,
            Url = url ?? new Uri("http://localhost"), Listen = listen, TrustedProxies = proxies, IpLists = List("IP_LISTS"),
            Node = Text("NODE") ?? "node-" + Guid.NewGuid().ToString("n")[..8],
            StripeApi = Address("STRIPE_API", "https://api.stripe.com") ?? new Uri("https://api.stripe.com"), StripeKey = stripeKey ?? "", StripeWebhookSecrets = secrets,
            Bank = bank ?? BankOptions.None,
            Smtp = Text("SMTP") is null ? null : Address("SMTP", null), MailFrom = Text("SMTP") is null ? "" : Required("MAIL_FROM") ?? "",
            SandboxUrl = sandbox ? Address("SANDBOX_URL", "http://127.0.0.1:5090") : null,
            LedgerCheckpoints = Text("LEDGER_CHECKPOINTS"), GeoIp = Text("GEOIP"),
            WebhookAllow = [.. List("WEBHOOK_ALLOW").Select(Target).OfType<AllowedTarget>()],
            RateFactor = sandbox && int.TryParse(Text("RATE_FACTOR"), out var factor) ? Math.Clamp(factor, 1, 1_000_000) : 1,
        };
        return wrong.Count == 0 ? (settings, wrong) : (null, wrong);

        string? Text(string name) => config["GUILDHALL_" + name] is { Length: > 0 } value ? value.Trim() : null;
        string? Required(string name) => Text(name) ?? Complain<string?>(null, $"GUILDHALL_{name} is not set. docs/operations.md says what each setting is.");
        T Complain<T>(T value, string sentence) { wrong.Add(sentence); return value; }
        string[] List(string name) => (Text(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        IPNetwork? Network(string text) => ClientAddress.TryNetwork(text, out var network)
            ? network : Complain<IPNetwork?>(null, $"GUILDHALL_TRUSTED_PROXIES has {text}; an entry is an address or a network of at least /7, such as 10.0.0.0/8 or fd00::/8.");
        AllowedTarget? Target(string target) => AllowedTarget.TryParse(target, out var parsed)
            ? parsed : Complain<AllowedTarget?>(null, $"GUILDHALL_WEBHOOK_ALLOW has {target}; an entry is an address or network, with a port or without: 10.1.0.0/16:8443.");
        Uri? Address(string name, string? otherwise) =>
            Uri.TryCreate(Text(name) ?? otherwise, UriKind.Absolute, out var address) ? address : Complain<Uri?>(null, $"GUILDHALL_{name} must be an absolute address.");
    }

    private static bool TryKey(string text, out byte[] key)
    {
        key = new byte[33];
        if (!Convert.TryFromBase64String(text, key, out var written) || written != 32) return false;
        key = key[..32];
        return true;
    }

    public MasterKey Master => new(MasterKey);
}
