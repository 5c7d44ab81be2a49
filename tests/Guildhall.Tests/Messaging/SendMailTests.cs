using System.Net;
using System.Net.Sockets;
using Guildhall.Messaging;
using Guildhall.Messaging.Email;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Messaging;

[Covers("N-3")]
public sealed class SendMailTests(SilentMailWorld world) : IClassFixture<SilentMailWorld>
{
    [Fact]
    public async Task A_server_that_takes_the_message_and_says_nothing_leaves_it_unknown_and_the_repeat_has_the_same_id()
    {
        world.Server.HangsUpAfterMessage(1);
        var person = await Tell();

        await world.EventuallyOr("The mail did not arrive twice.", () => Task.FromResult(world.Server.Messages.Count(m => m.Contains(Address(person), StringComparison.Ordinal)) == 2));
        var ids = world.Server.Messages.Where(m => m.Contains(Address(person), StringComparison.Ordinal))
            .Select(m => m.Split("\r\n").Single(l => l.StartsWith("Message-ID: ", StringComparison.Ordinal))).ToArray();
        ids[0].ShouldBe(ids[1]);
        await world.EventuallyOr("The second answer was not written down.", async () => (await Log(person)).Count == 2);
        (await Log(person)).ShouldBe(["unknown NO_ANSWER", "sent "]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Covers("N-4")]
    public async Task A_reminder_of_which_it_is_not_known_whether_it_went_is_not_sent_again(bool workerDied)
    {
        if (!workerDied) world.Server.HangsUpAfterMessage(1);
        var person = await Tell("booking_reminder_soon", new(StringComparer.Ordinal) { ["service"] = "A talk", ["when"] = "soon", ["link"] = "/" });
        await world.EventuallyOr("It was not sent.", async () => (await Log(person)).Count == 1);
        if (workerDied)
        {
            await world.JobsAreDone();
            await world.Database.Execute("update messaging.deliveries set state = 'sending', sent_at = null where person_id = $1", person);
            await world.Database.Execute("delete from messaging.delivery_log where delivery_id = (select id from messaging.deliveries where person_id = $1)", person);
            var delivery = new DeliveryId(await world.Database.Value<Guid>("select id from messaging.deliveries where person_id = $1", person));
            await world.Data().InTransaction(tx => tx.Enqueue(new SendMail(delivery)));
        }
        await world.EventuallyOr("It was not given up.", async () => (await Log(person)).Count == 1);
        await world.JobsAreDone();
        (await Log(person)).ShouldBe([workerDied ? "unknown WORKER_STOPPED" : "unknown NO_ANSWER"]);
        world.Server.Messages.Count(m => m.Contains(Address(person), StringComparison.Ordinal)).ShouldBe(1);
        (await world.Database.Value<string>("select state from messaging.deliveries where person_id = $1", person)).ShouldBe("unknown");
    }

    [Fact]
    public async Task A_full_mailbox_is_tried_again_and_an_unknown_one_is_not()
    {
        world.Server.Answers("RCPT", "450 try later");
        var patient = await Tell();
        await world.EventuallyOr("It was not tried again.", async () => (await Log(patient)).Count == 2);
        (await Log(patient)).ShouldBe(["queued SERVER_UNAVAILABLE", "sent "]);

        world.Server.Answers("RCPT", "550 no such user");
        var gone = await Tell();
        await world.EventuallyOr("It did not fail.", async () => (await Log(gone)).Count > 0);
        await world.JobsAreDone();
        (await Log(gone)).ShouldBe(["failed REFUSED_BY_SERVER"]);
    }

    [Theory]
    [InlineData("550 5.1.1 no such user", true)]
    [InlineData("550-5.2.1 closed", true)]
    [InlineData("550 5.7.1 not from there", false)]
    [InlineData("550 no", false)]
    public async Task An_address_that_the_server_refuses_for_good_is_not_tried_with_the_next_mail(string reply, bool suppressed)
    {
        world.Server.Answers("RCPT", reply.Contains('-', StringComparison.Ordinal) ? $"{reply}\r\n{reply.Replace('-', ' ')}" : reply);
        var gone = await Tell();
        await world.EventuallyOr("It did not fail.", async () => (await Log(gone)).Count == 1);
        await world.Data().InTransaction(tx => Notify.Person(tx, gone, "new_message", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/" }));
        await world.EventuallyOr("The next was not tried.", async () => (await Log(gone)).Count == 2);
        (await Log(gone)).ShouldBe(["failed REFUSED_BY_SERVER", suppressed ? "suppressed REFUSED" : "sent "]);
    }

    private async Task<Guid> Tell(string template = "new_message", Dictionary<string, string>? facts = null)
    {
        var person = Guid.CreateVersion7();
        await world.Data().InTransaction(async tx =>
        {
            await Recipients.Put(tx, person, Address(person), "Somebody", "en", "UTC");
            await Notify.Person(tx, person, template, facts ?? new(StringComparer.Ordinal) { ["link"] = "/" });
        });
        return person;
    }

    private static string Address(Guid person) => $"{person:n}@mail.test";

    private async Task<IReadOnlyList<string>> Log(Guid person) => await world.Database.Column<string>("""
        select l.state || ' ' || coalesce(l.reason, '') from messaging.delivery_log l join messaging.deliveries d on d.id = l.delivery_id
        where d.person_id = $1 order by l.id
        """, person);
}

[Covers("N-6")]
public sealed class NoMailTests(NoMailWorld world) : IClassFixture<NoMailWorld>
{
    [Fact]
    public async Task Without_a_mail_server_the_delivery_says_so()
    {
        var person = Guid.CreateVersion7();
        await world.Data().InTransaction(tx => Notify.Person(tx, person, "new_message", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/" }));
        await world.JobsAreDone();

        var entry = (await Guildhall.Messaging.Delivery.DeliveryLog.Newest(world.Data(), person, 1, default)).Single();
        (entry.Delivered, entry.Reason).ShouldBe((false, "EMAIL_NOT_CONFIGURED"));
        var status = (await world.Visitor().Get("integrations/status")).Must().Json.EnumerateArray().Where(i => MessagingOptions.AllSenders.Contains(i.GetProperty("name").GetString()!)).ToArray();
        status.Length.ShouldBe(MessagingOptions.AllSenders.Count);
        status.ShouldAllBe(i => i.GetProperty("state").GetString() == "not_configured" && i.GetProperty("usersLose").GetString()!.StartsWith("No e-mail is sent"));
    }

    [Theory]
    [InlineData("sendgrid")]
    [InlineData("ses")]
    public async Task A_service_that_is_not_set_up_tells_nothing(string name) => (await world.Visitor().Send(HttpMethod.Post, "webhooks/" + name, new ByteArrayContent([]))).Status.ShouldBe(404);
}

public sealed class NoMailWorld : NodesOnly
{
    internal override HostSettings Configure(HostSettings settings, int node) => settings with { Smtp = null, MailFrom = "" };
}

public sealed class SilentMailWorld : NodesOnly
{
    internal MoodyMailServer Server { get; } = new();
    internal override HostSettings Configure(HostSettings settings, int node) => settings with { Smtp = new Uri($"smtp://127.0.0.1:{Server.Port}") };
}

/// <summary>A mail server that can be told how to behave badly next.</summary>
internal sealed class MoodyMailServer
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);
    private int _hangUps;

    public MoodyMailServer()
    {
        _listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public System.Collections.Concurrent.ConcurrentQueue<string> Messages { get; } = new();

    public void HangsUpAfterMessage(int times) => Interlocked.Exchange(ref _hangUps, times);

    /// <summary>To the next command of this name.</summary>
    public void Answers(string command, string reply)
    {
        lock (_answers) _answers[command] = reply;
    }

    private async Task Accept()
    {
        while (true) _ = Serve(await _listener.AcceptTcpClientAsync());
    }

    private async Task Serve(TcpClient client)
    {
        using var _ = client;
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 moody");
        while (await reader.ReadLineAsync() is { } line)
        {
            var command = line.Split(' ', ':')[0];
            if (command is "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                var text = new System.Text.StringBuilder();
                while (await reader.ReadLineAsync() is { } part and not ".") text.Append(part).Append("\r\n");
                Messages.Enqueue(text.ToString());
                if (Interlocked.Decrement(ref _hangUps) >= 0) return;
            }
            string? reply;
            lock (_answers) _answers.Remove(command, out reply);
            await writer.WriteLineAsync(reply ?? "250 fine");
        }
    }
}
