namespace Guildhall.Sandbox.Twilio;

/// <summary>What they refuse of a message by WhatsApp. Nobody has written to our number, so free text is taken and then not delivered.</summary>
internal static class CheckWhatsApp
{
    public static TwilioRefusal? Run(IFormCollection form)
    {
        var (from, body, content) = (form["From"].ToString(), form["Body"].ToString(), form["ContentSid"].ToString());
        if (from != WhatsAppContents.From) return new(400, 63007, "Twilio could not find a Channel with the specified From address");
        if (body.Length == 0 && content.Length == 0) return new(400, 21619, "A text message body or media urls must be specified.");
        if (content.Length == 0) return null;
        if (WhatsAppContents.Variables(form["ContentVariables"].ToString()) is not { } variables) return new(400, 21656, "The Content Variables parameter is invalid.");
        return WhatsAppContents.Fill(content, variables) is { } text && !text.Contains("{{", StringComparison.Ordinal) ? null : new(400, 21655, "The ContentSid is Invalid.");
    }
}
