using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Integrations;

/// <summary>Outside parties as people call them.</summary>
internal static class IntegrationNames
{
    public static string Of(string name) => name switch
    {
        "smtp" => "E-mail (SMTP)",
        "sendgrid" => "E-mail (SendGrid)",
        "ses" => "E-mail (Amazon SES)",
        "twilio" => "Twilio (SMS)",
        "whatsapp" => "WhatsApp",
        "firebase" => "Firebase (push)",
        "pdf" => "PDF",
        "s3" => "S3",
        "clamav" => "ClamAV",
        "google_routes" => "Google Routes",
        "osrm" => "OSRM",
        "turn" => "TURN",
        "elevenlabs" => "ElevenLabs",
        "openweather" => "OpenWeather",
        "pictures" => "libvips",
        "files" => "Files",
        _ => GatewayNames.Of(name),
    };

    /// <summary>The channel whose messages show what came of a test; null when it is answered at once.</summary>
    public static string? Channel(string name) => name switch { "smtp" => "email", "twilio" => "sms", _ => null };
}
