namespace Guildhall.Tests.Messaging.Email;

/// <summary>What holds of every sender of mail that is called by an API and does not keep our Message-ID.</summary>
public abstract class ApiSenderTests : IAsyncLifetime
{
    /// <summary>Where the sender is the only one.</summary>
    protected abstract World Place { get; }

    /// <summary>As the log calls it.</summary>
    protected abstract string Sender { get; }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Place.Gateway.AnswersAsUsual();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_lost_answer_leaves_it_unknown_until_the_service_tells_and_it_is_never_sent_again()
    {
        await Place.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = 100 });
        var letter = await Place.Writes();
        await letter.Comes($"unknown {Sender} NO_ANSWER");
        await Place.Clock.Passes(45.Minutes());
        await Place.JobsAreDone();
        (await letter.Log()).ShouldBe([$"unknown {Sender} NO_ANSWER"]);
        (await letter.Mailbox()).Count.ShouldBe(1);

        await Place.Gateway.AnswersAsUsual();
        await letter.Comes($"unknown {Sender} NO_ANSWER", $"sent {Sender}");
        (await letter.Mailbox()).Count.ShouldBe(1);
    }

    [Fact]
    [Covers("N-3", "marketplace-36")]
    public async Task What_may_be_switched_off_carries_the_link_of_one_click_by_this_sender_too()
    {
        var letter = await Place.Writes();
        await letter.IsDelivered();
        var headers = (await letter.Mailbox()).Single().GetProperty("headers");
        headers.GetProperty("list-unsubscribe").GetString()!.ShouldContain("/unsubscribe/");
        headers.GetProperty("list-unsubscribe-post").GetString().ShouldBe("List-Unsubscribe=One-Click");
    }

    [Theory]
    [InlineData("mailLostBefore")]
    [InlineData("mailBroken")]
    [InlineData("mailGarbage")]
    public async Task No_answer_of_theirs_may_have_been_a_mail_and_is_not_tried_again(string fault)
    {
        await Place.Gateway.Faults(new Dictionary<string, int> { [fault] = 1 });
        var letter = await Place.Writes();
        await letter.Comes($"unknown {Sender} NO_ANSWER");
        await Place.JobsAreDone();
        (await letter.Log()).Count.ShouldBe(1);
        (await letter.Mailbox()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_that_is_waited_for_in_vain_is_none()
    {
        await Place.Gateway.Faults(new { delayMs = 5000 });
        await (await Place.Writes()).Comes($"unknown {Sender} NO_ANSWER");
    }

    [Fact]
    public async Task Too_many_at_once_are_tried_again_and_arrive_once()
    {
        await Place.Gateway.Faults(new { mailTooMany = 1 });
        var letter = await Place.Writes();
        await letter.Comes($"queued {Sender} SERVER_UNAVAILABLE", $"sent {Sender}");
        (await letter.Mailbox()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_they_refuse_is_not_tried_again()
    {
        var letter = await Place.Writes(domain: "nowhere");
        await letter.Comes($"failed {Sender} REFUSED_BY_SERVER");
        await Place.JobsAreDone();
        (await letter.Log()).Count.ShouldBe(1);
    }
}
