using System.Text;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe;

namespace Guildhall.Sandbox.Mail;

/// <summary>One conversation of RFC 5321: EHLO/HELO, MAIL, RCPT, DATA, RSET, NOOP, VRFY, QUIT; SIZE and 8BITMIME.</summary>
internal sealed class SmtpSession(World world, Stream stream)
{
    private const int MostBytes = 1024 * 1024;
    private const int MostRecipients = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly LineReader lines = new(stream);
    private readonly List<string> recipients = [];
    private bool greeted;
    private string? sender;

    public async Task Run(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        await Say("220 guildhall-sandbox ESMTP; nothing leaves this machine", limit.Token);

        while (await lines.Read(LineReader.LongestCommand, limit.Token) is { } line)
        {
            limit.CancelAfter(Patience);
            if (line.TooLong)
            {
                await Say("500 5.5.2 Line too long", limit.Token);
                continue;
            }

            var text = Encoding.UTF8.GetString(line.Bytes);
            if (text.Trim().Equals("QUIT", StringComparison.OrdinalIgnoreCase))
            {
                await Say("221 2.0.0 Bye", limit.Token);
                return;
            }

            if (text.Trim().Equals("DATA", StringComparison.OrdinalIgnoreCase)) await TakeData(limit.Token);
            else await Say(Answer(text), limit.Token);
        }
    }

    private string Answer(string text)
    {
        var verb = text.Split(' ', 2)[0].Trim().ToUpperInvariant();
        switch (verb)
        {
            case "EHLO":
                Start();
                return $"250-guildhall-sandbox\r\n250-SIZE {MostBytes}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES";
            case "HELO":
                Start();
                return "250 guildhall-sandbox";
            case "MAIL":
                return From(text);
            case "RCPT":
                return To(text);
            case "RSET":
                Reset();
                return "250 2.0.0 OK";
            case "NOOP":
                return "250 2.0.0 OK";
            case "VRFY":
                return "252 2.1.5 Cannot verify, will take it";
            default:
                return "502 5.5.1 Command not implemented";
        }
    }

    private string From(string text)
    {
        if (!greeted) return "503 5.5.1 Say EHLO first";
        if (sender is not null) return "503 5.5.1 One sender at a time";
        if (Path(text, "MAIL FROM:") is not { } path) return "501 5.5.4 MAIL FROM:<address>";
        var size = text.ToUpperInvariant().Split(" SIZE=", 2);
        var tooBig = size.Length == 2 && long.TryParse(size[1].Split(' ')[0], out var bytes) && bytes > MostBytes;
        if (tooBig) return "552 5.3.4 Too big: at most 1 MiB";
        sender = path;
        return "250 2.1.0 OK";
    }

    private string To(string text)
    {
        if (sender is null) return "503 5.5.1 MAIL first";
        if (Path(text, "RCPT TO:") is not { Length: > 0 } path) return "501 5.5.4 RCPT TO:<address>";
        if (recipients.Count == MostRecipients) return "452 4.5.3 Too many recipients";
        recipients.Add(path);
        return "250 2.1.5 OK";
    }

    private async Task TakeData(CancellationToken stop)
    {
        if (recipients.Count == 0)
        {
            await Say("503 5.5.1 RCPT first", stop);
            return;
        }

        await Say("354 End with <CRLF>.<CRLF>", stop);
        var message = new MemoryStream();
        var tooBig = false;
        while (await lines.Read(MostBytes, stop) is { } line)
        {
            if (line.Bytes is [(byte)'.']) break;
            var content = line.Bytes is [(byte)'.', ..] ? line.Bytes.AsMemory(1) : line.Bytes;
            tooBig |= line.TooLong || message.Length + content.Length + 2 > MostBytes;
            if (tooBig) continue;
            message.Write(content.Span);
            message.Write("\r\n"u8);
        }

        if (tooBig) await Say("552 5.3.4 Too big: at most 1 MiB", stop);
        else await Say(await Keep(message.ToArray()), stop);
        Reset();
    }

    private async Task<string> Keep(byte[] message)
    {
        var parsed = ParseMail.From(message);
        var (from, to) = (parsed.From.Length > 0 ? parsed.From : sender!, recipients.ToArray());
        var id = Ids.New("mail_", 16);
        await world.Change(w =>
        {
            w.Mail.Put(new StoredMail(id, from, to, parsed.Subject, parsed.Text, parsed.Html, w.Now, Headers: parsed.Headers));
            return true;
        });
        return $"250 2.0.0 Kept as {id}";
    }

    private static string? Path(string text, string command)
    {
        if (!text.StartsWith(command, StringComparison.OrdinalIgnoreCase)) return null;
        var rest = text[command.Length..].TrimStart();
        var end = rest.IndexOf('>', StringComparison.Ordinal);
        return rest.StartsWith('<') && end > 0 && end <= 321 ? rest[1..end] : null;
    }

    private void Start()
    {
        greeted = true;
        Reset();
    }

    private void Reset()
    {
        sender = null;
        recipients.Clear();
    }

    private Task Say(string text, CancellationToken stop) => stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), stop).AsTask();
}
