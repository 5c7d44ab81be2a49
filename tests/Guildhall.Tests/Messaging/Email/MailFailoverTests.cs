using Guildhall.Messaging.Email;
using Guildhall.Messaging.Email.SendGrid;
using Guildhall.Web.Host;
using Guildhall.Web.Host.Gateways;

namespace Guildhall.Tests.Messaging.Email;

/// <summary>A mail server first, a company with an API behind it: another one only when the first surely has not taken the mail.</summary>
[Covers("N-3")]
public sealed class MailFailoverTests(TwoSendersWorld world) : IClassFixture<TwoSendersWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await world.Gateway.AnswersAsUsual();

    [Theory]
    [InlineData("RCPT", "450 try later", "SERVER_UNAVAILABLE")]
    [InlineData("EHLO", "421 too busy", "SERVER_UNAVAILABLE")]
    [InlineData("EHLO", "554 we do not know you", "NOT_LET_IN")]
    public async Task What_the_first_surely_did_not_take_goes_by_the_next_at_once(string command, string reply, string reason)
    {
        world.Server.Answers(command, reply);
        var letter = await world.Writes();
        await letter.Comes("queued smtp " + reason, "sent sendgrid");
        (await letter.Mailbox()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task As_long_as_the_first_works_nobody_else_is_asked()
    {
        var letter = await world.Writes();
        await letter.Comes("sent smtp");
        (await letter.Mailbox()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_first_may_have_goes_by_nobody_else_and_again_under_the_same_id()
    {
        world.Server.HangsUpAfterMessage(1);
        var letter = await world.Writes();
        await letter.Comes("unknown smtp NO_ANSWER", "sent smtp");
        (await letter.Mailbox()).ShouldBeEmpty();
        ByServer(letter).ShouldBe(2);
    }

    [Fact]
    public async Task Not_even_when_the_first_puts_it_off_afterwards()
    {
        world.Server.HangsUpAfterMessage(1);
        var letter = await world.Writes();
        await letter.Ends("unknown smtp NO_ANSWER");
        world.Server.Answers("RCPT", "450 try later");
        await letter.Comes("unknown smtp NO_ANSWER", "queued smtp SERVER_UNAVAILABLE", "sent smtp");
        (await letter.Mailbox()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_first_refuses_for_good_is_not_tried_elsewhere()
    {
        world.Server.Answers("RCPT", "550 no such user");
        var letter = await world.Writes();
        await letter.Comes("failed smtp REFUSED_BY_SERVER");
        await world.JobsAreDone();
        (await letter.Log()).Count.ShouldBe(1);
        (await letter.Mailbox()).ShouldBeEmpty();
    }

    [Fact]
    public async Task When_the_next_does_not_answer_it_is_bound_to_that_one()
    {
        world.Server.Answers("RCPT", "450 try later");
        await world.Gateway.Faults(new { mailLostBefore = 1 });
        var letter = await world.Writes();
        await letter.Comes("queued smtp SERVER_UNAVAILABLE", "unknown sendgrid NO_ANSWER");
        await world.Data().InTransaction(tx => tx.Enqueue(new SendMail(letter.Id)));
        await world.JobsAreDone();
        (await letter.Log()).Count.ShouldBe(2);
        ByServer(letter).ShouldBe(0);
    }

    [Fact]
    public async Task When_none_takes_it_all_are_asked_again_later()
    {
        world.Server.Answers("RCPT", "450 try later");
        await world.Gateway.Faults(new { mailTooMany = 1 });
        var letter = await world.Writes();
        await letter.Comes("queued smtp SERVER_UNAVAILABLE", "queued sendgrid SERVER_UNAVAILABLE", "sent smtp");
    }

    private int ByServer(Letter letter) => world.Server.Messages.Count(m => m.Contains(letter.Address, StringComparison.Ordinal));
}

public sealed class TwoSendersWorld : World
{
    internal MoodyMailServer Server { get; } = new();

    internal override HostSettings Configure(HostSettings settings, int node) => settings with
    {
        Smtp = new Uri($"smtp://127.0.0.1:{Server.Port}"),
        SendGrid = new SendGridOptions(settings.SandboxUrl!, "SG.guildhall_sandbox", [MailSettings.SandboxWebhookKey]) { Timeout = TimeSpan.FromSeconds(3) },
    };
}
