using System.Net;
using Guildhall.Sandbox.PayPal;
using Guildhall.Sandbox.SendGrid;
using Guildhall.Sandbox.Ses;

namespace Guildhall.Sandbox;

internal sealed record SandboxOptions(
    string Listen,
    IPEndPoint Smtp,
    string Data,
    string StripeKey,
    Uri? WebhookUrl,
    string WebhookSecret,
    string TwilioSid,
    string TwilioToken,
    string SmsFrom,
    int Keep)
{
    public PayPalAccount PayPal { get; init; } = new();
    public SesAccount Ses { get; init; } = new();
    public SendGridAccount SendGrid { get; init; } = new();

    /// <summary>Where ClamAV's daemon listens; null: nowhere.</summary>
    public IPEndPoint? Clamd { get; init; }

    public const string Help = """
        guildhall-sandbox: every outside party of Guildhall, over real HTTP and SMTP. No real money moves, no real mail leaves.

        Usage: guildhall-sandbox [--help]

        Environment:
          SANDBOX_LISTEN                 address of the pages and the Stripe API    (http://127.0.0.1:5090)
          SANDBOX_SMTP                   address that takes mail                    (127.0.0.1:5091)
          SANDBOX_DATA                   folder for its memory                      (.guildhall/sandbox)
          SANDBOX_STRIPE_KEY             secret key the product must use            (sk_test_guildhall)
          SANDBOX_STRIPE_WEBHOOK_URL     where events are delivered                 (none: events are only kept)
          SANDBOX_STRIPE_WEBHOOK_SECRET  signs the deliveries                       (whsec_guildhall_sandbox)
          SANDBOX_TWILIO_SID             account the product must use for texts    (AC and 32 zeros)
          SANDBOX_TWILIO_TOKEN           its token; signs the statuses of texts     (guildhall_sandbox_twilio_token)
          SANDBOX_SMS_FROM               the only sender it takes                   (+15005550006)
          SANDBOX_PAYPAL_WEBHOOK_URL     where PayPal's events are delivered       (none: they are only kept)
          SANDBOX_SENDGRID_KEY           key the product must use for mail by SendGrid (SG.guildhall_sandbox)
          SANDBOX_SENDGRID_WEBHOOK_URL   where its events are delivered            (none: nothing is told)
          SANDBOX_SES_WEBHOOK_URL        where the topic of Amazon SES is told     (none: nothing is told)
          SANDBOX_CLAMD                  address of ClamAV's daemon                 (none: it is not played)
          SANDBOX_KEEP                   objects of each kind remembered            (25000)
        """;

    /// <exception cref="FormatException">A variable cannot be understood; the message names it.</exception>
    public static SandboxOptions FromEnvironment()
    {
        var smtp = Read("SANDBOX_SMTP", "127.0.0.1:5091");
        var webhook = Read("SANDBOX_STRIPE_WEBHOOK_URL", "");
        var ses = Read("SANDBOX_SES_WEBHOOK_URL", "");
        var sendGrid = Read("SANDBOX_SENDGRID_WEBHOOK_URL", "");
        var paypal = Read("SANDBOX_PAYPAL_WEBHOOK_URL", "");
        return new SandboxOptions(
            Read("SANDBOX_LISTEN", "http://127.0.0.1:5090"),
            IPEndPoint.TryParse(smtp, out var endpoint) ? endpoint : throw new FormatException($"SANDBOX_SMTP is not address:port: {smtp}"),
            Read("SANDBOX_DATA", Path.Combine(".guildhall", "sandbox")),
            Read("SANDBOX_STRIPE_KEY", "sk_test_guildhall"),
            webhook.Length == 0 ? null : AsUri(webhook, "SANDBOX_STRIPE_WEBHOOK_URL"),
            Read("SANDBOX_STRIPE_WEBHOOK_SECRET", "whsec_guildhall_sandbox"),
            Read("SANDBOX_TWILIO_SID", "AC" + new string('0', 32)),
            Read("SANDBOX_TWILIO_TOKEN", "guildhall_sandbox_twilio_token"),
            Read("SANDBOX_SMS_FROM", "+15005550006"),
            int.TryParse(Read("SANDBOX_KEEP", "25000"), out var keep) && keep is >= 100 and <= 1_000_000
                ? keep
                : throw new FormatException("SANDBOX_KEEP is a number from 100 to 1000000."))
        {
            Ses = new SesAccount(ses.Length == 0 ? null : AsUri(ses, "SANDBOX_SES_WEBHOOK_URL")),
            SendGrid = new SendGridAccount(Read("SANDBOX_SENDGRID_KEY", "SG.guildhall_sandbox"), sendGrid.Length == 0 ? null : AsUri(sendGrid, "SANDBOX_SENDGRID_WEBHOOK_URL")),
            Clamd = Read("SANDBOX_CLAMD", "") is not { Length: > 0 } clamd ? null : IPEndPoint.TryParse(clamd, out var scanner) ? scanner : throw new FormatException($"SANDBOX_CLAMD is not address:port: {clamd}"),
            PayPal = new PayPalAccount(WebhookUrl: paypal.Length == 0 ? null : AsUri(paypal, "SANDBOX_PAYPAL_WEBHOOK_URL")),
        };
    }

    private static Uri AsUri(string text, string name) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == "http" || uri.Scheme == "https")
        ? uri
        : throw new FormatException($"{name} is not an http address: {text}");

    private static string Read(string name, string otherwise) =>
        Environment.GetEnvironmentVariable(name)?.Trim() is { Length: > 0 } value ? value : otherwise;
}
