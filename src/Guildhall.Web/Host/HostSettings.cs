using System.Net;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Tokens;
using Guildhall.Messaging;
using Guildhall.Money.Gateways.PayPal;
using Guildhall.Money.Gateways.Knet;
using Guildhall.Money.Gateways.MyFatoorah;
using Guildhall.Money.Payouts;
using Guildhall.Operations.Errors;
using Guildhall.Operations.Metrics;
using Guildhall.Web.Host.Gateways;
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
    public PayPalOptions? PayPal { get; init; }
    public BankOptions Bank { get; init; } = BankOptions.None;
    public Guildhall.Money.Gateways.Mpesa.MpesaOptions? Mpesa { get; init; }
    public Guildhall.Money.Gateways.Paytm.PaytmOptions? Paytm { get; init; }
    public KnetOptions? Knet { get; init; }
    public MyFatoorahOptions? MyFatoorah { get; init; }
    public Guildhall.Files.Storage.S3Options? S3 { get; init; }

    /// <summary>Who reads reminders out.</summary>
    public Guildhall.Messaging.Voice.VoiceOptions Voice { get; init; } = Guildhall.Messaging.Voice.VoiceOptions.None;

    /// <summary>Who is asked for the weather of visits, and how long ways take.</summary>
    public Guildhall.Marketplace.Visits.Weather.WeatherOptions Weather { get; init; } = Guildhall.Marketplace.Visits.Weather.WeatherOptions.None;
    public Guildhall.Marketplace.Visits.Travel.TravelOptions Travel { get; init; } = Guildhall.Marketplace.Visits.Travel.TravelOptions.None;

    /// <summary>Who passes calls on.</summary>
    public Guildhall.Marketplace.Calls.TurnOptions Turn { get; init; } = Guildhall.Marketplace.Calls.TurnOptions.None;

    public Guildhall.Files.Scan.ClamdOptions? ClamAv { get; init; }

    /// <summary>Folder for files that people put in, the same one on every node.</summary>
    public string? FilesFolder { get; init; }
    public Uri? Smtp { get; init; }
    public required string MailFrom { get; init; }
    public Guildhall.Messaging.Email.SendGrid.SendGridOptions? SendGrid { get; init; }

    public Guildhall.Messaging.Email.Ses.SesOptions? Ses { get; init; }

    /// <summary>Who carries mail, in the order in which they are tried; null: all that are set up.</summary>
    public IReadOnlyList<string>? MailSenders { get; init; }
    public TwilioOptions Twilio { get; init; } = TwilioOptions.None;
    public Guildhall.Messaging.Push.Firebase.FirebaseOptions? Firebase { get; init; }
    public Uri? SandboxUrl { get; init; }
    public IReadOnlyList<AllowedTarget> WebhookAllow { get; init; } = [];
    public TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(15);
    public int RateFactor { get; init; } = 1;

    /// <summary>ES256 or RS256.</summary>
    public string TokenAlgorithm { get; init; } = "ES256";

    /// <summary>The security module that wraps signing keys.</summary>
    public KeyModuleOptions? KeyModule { get; init; }
    /// <summary>Networks of our own proxies: only what they write in <c>X-Forwarded-For</c> is believed.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Files of networks with a bad name.</summary>
    public IReadOnlyList<string> IpLists { get; init; } = [];

    /// <summary>File in the MaxMind format that knows where addresses are.</summary>
    public string? GeoIp { get; init; }
    /// <summary>Origins of other sites whose scripts may call the API.</summary>
    public IReadOnlySet<string> Origins { get; init; } = new HashSet<string>(0, StringComparer.Ordinal);

    /// <summary>PEM files of the certificate and its key, when this node ends TLS itself.</summary>
    public string? TlsCertificate { get; init; }
    public string? TlsKey { get; init; }

    /// <summary>Range service that knows breached passwords; null: only the list in the program.</summary>
    public Uri? PwnedApi { get; init; }

    /// <summary>How new passwords are hashed.</summary>
    public HashRecipe PasswordHash { get; init; } = HashRecipe.Default;

    /// <summary>File outside the database for the ledger's signed checkpoints.</summary>
    public string? LedgerCheckpoints { get; init; }

    /// <summary>Who may read the figures, and where they are served besides.</summary>
    public MetricsOptions Metrics { get; init; } = MetricsOptions.Closed;
    public string? MetricsListen { get; init; }

    /// <summary>Collector of traces and figures; which part of the traces is recorded.</summary>
    public Uri? Otlp { get; init; }
    public double TraceRatio { get; init; } = 1;

    /// <summary>How long requests are served after the node was told to stop.</summary>
    public TimeSpan DrainFor { get; init; }

    /// <summary>Where errors are reported.</summary>
    public SentryDsn? Sentry { get; init; }

    public bool Https => string.Equals(Url.Scheme, "https", StringComparison.Ordinal);

    public string AppRole => new NpgsqlConnectionStringBuilder(Database).Username ?? "guildhall_app";

    /// <summary>Reads the settings, or lists everything that is wrong with them.</summary>
    public static (HostSettings? Settings, IReadOnlyList<string> Wrong) Read(IConfiguration config, bool development)
    {
        var wrong = new List<string>();
        var sandbox = Text("MODE") switch { null or "production" => false, "sandbox" => true, var other => Complain(false, $"GUILDHALL_MODE is {other}; it is `production` or `sandbox`.") };
        var key = Kept("MASTER_KEY") is { } text && TryKey(text, out var bytes)
            ? bytes : Complain(new byte[32], "GUILDHALL_MASTER_KEY, or the file that GUILDHALL_MASTER_KEY_FILE names, must be 32 random bytes in base 64: openssl rand -base64 32");
        var url = Address("URL", sandbox ? "http://localhost:5080" : null);
        if (!sandbox && wrong.Count == 0 && !StartRefusals.LooksRandom(key)) wrong.Add("GUILDHALL_MASTER_KEY is not random. Make one: openssl rand -base64 32");
        if (url is not null && url.Scheme == "http" && !(sandbox && url.IsLoopback)) wrong.Add("GUILDHALL_URL must be https; plain http is only for the sandbox on this machine.");
        var stripeKey = Required("STRIPE_KEY");
        if (!sandbox && stripeKey is "sk_test_guildhall") wrong.Add("GUILDHALL_STRIPE_KEY is the sandbox's. Put your own key.");
        var secrets = (Required("STRIPE_WEBHOOK_SECRET") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (!sandbox && secrets.Contains("whsec_guildhall_sandbox", StringComparer.Ordinal)) wrong.Add("GUILDHALL_STRIPE_WEBHOOK_SECRET is the sandbox's. Put your own secret.");
        if (!sandbox) wrong.AddRange(StartRefusals.InProduction(config, development, Text("LISTEN") ?? url?.GetLeftPart(UriPartial.Authority)));
        var origins = AllowedOrigins.Read(Text("CORS"), Text("PORTAL_DOMAIN"), development, wrong);
        var database = Required("DATABASE");
        foreach (var name in (string[])["DATABASE", "DATABASE_OWNER"])
            if (!sandbox && Text(name) is { } line && !line.Contains("Ssl Mode=VerifyFull", StringComparison.OrdinalIgnoreCase))
                wrong.Add($"GUILDHALL_{name} must say `Ssl Mode=VerifyFull` in production.");

        var algorithm = Text("TOKEN_ALGORITHM") ?? "ES256";
        if (algorithm is not ("ES256" or "RS256")) wrong.Add("GUILDHALL_TOKEN_ALGORITHM is ES256 or RS256.");
        var module = Text("KEY_MODULE") is not { } library ? null
            : new KeyModuleOptions(library, Required("KEY_TOKEN") ?? "", Kept("KEY_PIN") ?? Complain("", "GUILDHALL_KEY_PIN, or GUILDHALL_KEY_PIN_FILE, is not set: the security module wants it."), Text("KEY_LABEL") ?? "guildhall");
        if (module is not null && !File.Exists(module.Module)) wrong.Add($"GUILDHALL_KEY_MODULE is {module.Module}, which is not there.");
        var listen = Text("LISTEN") ?? url?.GetLeftPart(UriPartial.Authority) ?? "";
        var proxies = List("TRUSTED_PROXIES").Select(Network).OfType<IPNetwork>().ToArray();
        if (!sandbox && url?.Scheme == "https" && !listen.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && List("TRUSTED_PROXIES").Length == 0)
            wrong.Add("GUILDHALL_TRUSTED_PROXIES is empty while GUILDHALL_LISTEN is plain http: name the networks of the proxy in front, or every visitor has its address. Or listen on https.");
        if (string.Equals(config["ASPNETCORE_FORWARDEDHEADERS_ENABLED"], "true", StringComparison.OrdinalIgnoreCase))
            wrong.Add("ASPNETCORE_FORWARDEDHEADERS_ENABLED would believe any caller about its address. Unset it and name your proxies in GUILDHALL_TRUSTED_PROXIES.");

        if (!BankOptions.Read(Text("BANK_HOLDER"), Text("BANK_ACCOUNTS"), out var bank))
            wrong.Add("GUILDHALL_BANK_ACCOUNTS is like EUR=DE89370400440532013000/COBADEFFXXX, one account per currency with a space between, and GUILDHALL_BANK_HOLDER is whose they are, in Latin letters.");

        var twilio = new TwilioOptions(Address("TWILIO_API", "https://api.twilio.com") ?? TwilioOptions.None.Api, Text("TWILIO_SID") ?? "", Text("TWILIO_TOKEN") ?? "", Text("SMS_FROM") ?? "");
        if (!twilio.CanText && (twilio.Sid + twilio.Token + twilio.From).Length > 0) wrong.Add("GUILDHALL_TWILIO_SID, GUILDHALL_TWILIO_TOKEN and GUILDHALL_SMS_FROM belong together: set all three or none.");
        if (!sandbox && twilio.Token is "guildhall_sandbox_twilio_token") wrong.Add("GUILDHALL_TWILIO_TOKEN is the sandbox's. Put your own token.");
        if (twilio.CanText && twilio.Api.Scheme != "https" && !(sandbox && twilio.Api.IsLoopback)) wrong.Add("GUILDHALL_TWILIO_API must be https; plain http is only for the sandbox on this machine.");
        if (!HashRecipe.TryParse(Text("PASSWORD_HASH") ?? "pbkdf2-sha512:1:210000", out var recipe, anyCost: sandbox))
            wrong.Add("GUILDHALL_PASSWORD_HASH is like pbkdf2-sha512:1:210000: scheme, version of the pepper, rounds (at least 210000; 600000 for pbkdf2-sha256).");

        var (metrics, metricsListen) = MetricsSettings.Read(Text("METRICS_LISTEN"), Kept("METRICS_TOKEN"), listen, wrong);
        var ratio = double.TryParse(Text("TRACE_RATIO") ?? "1", System.Globalization.CultureInfo.InvariantCulture, out var part) && part is >= 0 and <= 1
            ? part : Complain(0d, "GUILDHALL_TRACE_RATIO is between 0 and 1: the part of the traces that is recorded.");
        var drain = int.TryParse(Text("DRAIN_SECONDS") ?? (sandbox ? "0" : "5"), out var seconds) && seconds is >= 0 and <= 120 ? seconds : Complain(0, "GUILDHALL_DRAIN_SECONDS is between 0 and 120.");
        var sentry = Kept("SENTRY_DSN") is not { } dsn ? null : SentryDsn.Parse(dsn) ?? Complain<SentryDsn?>(null, "GUILDHALL_SENTRY_DSN is like https://key@host/project.");
        var sendGrid = MailSettings.SendGrid(config, sandbox, wrong);
        var ses = MailSettings.Ses(config, sandbox, wrong);
        var settings = new HostSettings
        {
            Sandbox = sandbox, Development = development, Database = database ?? "", DatabaseOwner = Text("DATABASE_OWNER"), MasterKey = key,
            Url = url ?? new Uri("http://localhost"), Listen = listen, TrustedProxies = proxies, IpLists = List("IP_LISTS"),
            Node = Text("NODE") ?? "node-" + Guid.NewGuid().ToString("n")[..8],
            StripeApi = Address("STRIPE_API", "https://api.stripe.com") ?? new Uri("https://api.stripe.com"), StripeKey = stripeKey ?? "", StripeWebhookSecrets = secrets,
            PayPal = PayPalSettings.Read(Text, sandbox, wrong),
            Knet = KnetSettings.Read(config, sandbox, url, wrong),
            MyFatoorah = MyFatoorahSettings.Read(config, sandbox, url, wrong),
            S3 = S3Settings.Read(config, sandbox, wrong), FilesFolder = Text("FILES"), ClamAv = Scanner(),
            Travel = TravelSettings.Read(config, sandbox, wrong), Weather = WeatherSettings.Read(config, sandbox, wrong), Voice = VoiceSettings.Read(config, sandbox, wrong),
            Turn = TurnSettings.Read(config, wrong),
            Bank = bank ?? BankOptions.None, TokenAlgorithm = algorithm, KeyModule = module,
            Smtp = Text("SMTP") is null ? null : Address("SMTP", null), MailFrom = Text("SMTP") is null && sendGrid is null && ses is null ? "" : Required("MAIL_FROM") ?? "",
            SendGrid = sendGrid, Ses = ses, MailSenders = MailSettings.Order(config, name => name switch { "smtp" => Text("SMTP") is not null, "ses" => ses is not null, _ => sendGrid is not null }, wrong),
            Twilio = twilio with { WhatsApp = WhatsAppSettings.Read(config, twilio, wrong) },
            Firebase = FirebaseSettings.Read(config, sandbox, wrong),
            Paytm = Gateways.PaytmSettings.Read(config, sandbox, url, wrong),
            Mpesa = Gateways.MpesaSettings.Read(config, sandbox, url, key, wrong),
            SandboxUrl = sandbox ? Address("SANDBOX_URL", "http://127.0.0.1:5090") : null,
            LedgerCheckpoints = Text("LEDGER_CHECKPOINTS"), GeoIp = Text("GEOIP"), Origins = origins, TlsCertificate = Text("TLS_CERTIFICATE"), TlsKey = Text("TLS_KEY"),
            PasswordHash = recipe, DrainFor = TimeSpan.FromSeconds(drain), Sentry = sentry, Metrics = metrics, MetricsListen = metricsListen, TraceRatio = ratio,
            Otlp = Telemetry.Read(config["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } collector ? collector : null, wrong),
            PwnedApi = Text("PWNED_API") is "none" ? null : Address("PWNED_API", sandbox ? Text("SANDBOX_URL") ?? "http://127.0.0.1:5090" : "https://api.pwnedpasswords.com"),
            WebhookAllow = [.. List("WEBHOOK_ALLOW").Select(Target).OfType<AllowedTarget>()],
            RateFactor = sandbox && int.TryParse(Text("RATE_FACTOR"), out var factor) ? Math.Clamp(factor, 1, 1_000_000) : 1,
        };
        if (!sandbox && settings.PwnedApi is { Scheme: not "https" }) wrong.Add("GUILDHALL_PWNED_API must be https, or `none`.");
        return wrong.Count == 0 ? (settings, wrong) : (null, wrong);

        string? Text(string name) => config["GUILDHALL_" + name] is { Length: > 0 } value ? value.Trim() : null;
        // A secret of the environment, or the content of the file that it names: how orchestrators hand secrets over.
        string? Kept(string name)
        {
            if (Text(name + "_FILE") is not { } path) return Text(name);
            try { return File.ReadAllText(path).Trim(); }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException) { return Complain<string?>(null, $"GUILDHALL_{name}_FILE is {path}, which cannot be read."); }
        }
        string? Required(string name) => Text(name) ?? Complain<string?>(null, $"GUILDHALL_{name} is not set. docs/operations.md says what each setting is.");
        T Complain<T>(T value, string sentence) { wrong.Add(sentence); return value; }
        string[] List(string name) => (Text(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        IPNetwork? Network(string text) => ClientAddress.TryNetwork(text, leastBits: 7, out var network)
            ? network : Complain<IPNetwork?>(null, $"GUILDHALL_TRUSTED_PROXIES has {text}; an entry is an address or a network of at least /7, such as 10.0.0.0/8 or fd00::/8.");
        AllowedTarget? Target(string target) => AllowedTarget.TryParse(target, out var parsed)
            ? parsed : Complain<AllowedTarget?>(null, $"GUILDHALL_WEBHOOK_ALLOW has {target}; an entry is an address or network, with a port or without: 10.1.0.0/16:8443.");
        Guildhall.Files.Scan.ClamdOptions? Scanner() => Text("CLAMAV") is not { } where ? null : Guildhall.Files.Scan.ClamdOptions.Parse(where)
            ?? Complain<Guildhall.Files.Scan.ClamdOptions?>(null, $"GUILDHALL_CLAMAV is {where}; it is like unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310.");
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
