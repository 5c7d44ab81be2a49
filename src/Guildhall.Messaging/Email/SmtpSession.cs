using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Guildhall.Messaging.Email;

/// <summary>One message over SMTP (RFC 5321), with the two things the framework's client cannot tell apart: a refusal before the message was
/// handed over, and silence after it.</summary>
internal sealed partial class SmtpSession : IAsyncDisposable
{
    private const int MaxReplyLine = 2000, MaxReplyLines = 100;
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(10);
    private readonly TcpClient _tcp = new();
    private readonly CancellationToken _stop;
    private Stream _stream = Stream.Null;
    private StreamReader _reader = StreamReader.Null;

    private SmtpSession(CancellationToken stop) => _stop = stop;

    private sealed class ReplyException(int code, string text) : Exception(text)
    {
        public int Code => code;
    }

    /// <summary>Sends and answers what is known; never throws but for cancellation before the message was handed over.</summary>
    public static async Task<MailAnswer> Send(Uri server, string from, string to, string message, CancellationToken stop)
    {
        await using var session = new SmtpSession(stop);
        var (letIn, asked, handedOver) = (false, false, false);
        try
        {
            await session.Open(server);
            letIn = true;
            await session.Ask($"MAIL FROM:<{MailText.Address(from)}>", 250);
            asked = true;
            await session.Ask($"RCPT TO:<{MailText.Address(to)}>", 250);
            asked = false;
            await session.Ask("DATA", 354);
            await session.Write(DotStuffed(message));
            handedOver = true;
            var reply = await session.Ask(".", 250);
            await session.Leave();
            return new MailAnswer(MailOutcome.Accepted, reply);
        }
        catch (ReplyException refused)
        {
            // A server that turns us away at the door says nothing about the message.
            return new MailAnswer(refused.Code < 500 ? MailOutcome.Deferred : letIn ? MailOutcome.Refused : MailOutcome.NotLetIn, refused.Message, AddressRefused: asked && BlamesAddress(refused.Message));
        }
        catch (FormatException) { return new MailAnswer(MailOutcome.Refused, "address_malformed"); }
        catch (Exception problem) when (problem is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            if (handedOver) return new MailAnswer(MailOutcome.Unknown, "no answer after the message");
            stop.ThrowIfCancellationRequested();
            return new MailAnswer(MailOutcome.Deferred, problem is OperationCanceledException ? "timeout" : problem.Message);
        }
    }

    // RFC 3463: 5.1.x is about the mailbox (but for 5.1.7 and 5.1.8, which are about ours), 5.2.1 one that is closed. Servers give 550 for anything, so a refusal without such a code blames nobody.
    private static bool BlamesAddress(string reply) => AddressCode().IsMatch(reply);

    [GeneratedRegex(@"^5[0-9]{2}[ -]5\.(1\.(0|1|2|3|4|6|9|10)|2\.1)([^0-9.]|$)", RegexOptions.NonBacktracking)]
    private static partial Regex AddressCode();

    private async Task Open(Uri server)
    {
        var tls = server.Scheme is "smtps";
        await Limited(token => _tcp.ConnectAsync(server.Host, server.Port > 0 ? server.Port : tls ? 465 : 25, token).AsTask());
        Use(_tcp.GetStream());
        if (tls) await Encrypt(server);
        await Reply(220);
        var features = await Greet();
        if (!tls && features.Contains("STARTTLS", StringComparison.OrdinalIgnoreCase))
        {
            await Ask("STARTTLS", 220);
            await Encrypt(server);
            features = await Greet();
            tls = true;
        }
        if (!tls && !server.IsLoopback) throw new IOException("The mail server offers no encryption.");
        if (server.UserInfo.Length > 0)
            await Ask("AUTH PLAIN " + Convert.ToBase64String(Encoding.UTF8.GetBytes("\0" + Uri.UnescapeDataString(server.UserInfo).Replace(":", "\0", StringComparison.Ordinal))), 235);
    }

    private Task<string> Greet() => Ask("EHLO guildhall", 250);

    private async Task Encrypt(Uri server)
    {
        var secure = new SslStream(_stream);
        await Limited(token => secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host }, token));
        Use(secure);
    }

    private void Use(Stream stream) => (_stream, _reader) = (stream, new StreamReader(stream, Encoding.Latin1, false, 1024, leaveOpen: true));

    private async Task<string> Ask(string command, int expected)
    {
        await Write(command + "\r\n");
        return await Reply(expected);
    }

    private async Task<string> Reply(int expected)
    {
        var text = new StringBuilder();
        for (var lines = 0; lines < MaxReplyLines; lines++)
        {
            string? line = null;
            await Limited(async token => line = await _reader.ReadLineAsync(token));
            if (line is null or { Length: < 3 or > MaxReplyLine } || !int.TryParse(line.AsSpan(0, 3), provider: null, out var code)) throw new IOException("The mail server hung up.");
            text.Append(text.Length > 0 ? " / " : "").Append(line);
            if (line.Length > 3 && line[3] == '-') continue;
            return code == expected ? text.ToString() : throw new ReplyException(code, text.ToString());
        }
        throw new IOException("The mail server talks too much.");
    }

    private Task Write(string text) => Limited(async token =>
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(text), token);
        await _stream.FlushAsync(token);
    });

    private async Task Limited(Func<CancellationToken, Task> step)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        limit.CancelAfter(StepLimit);
        await step(limit.Token);
    }

    private async Task Leave()
    {
        try { await Write("QUIT\r\n"); }
        catch (Exception problem) when (problem is IOException or OperationCanceledException) { } // the message is already accepted
    }

    private static string DotStuffed(string message) => message.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }
}
