using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Moderation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Chat;

/// <summary>Adds a message, exactly once per client id of its author: a repeat answers what was stored, also after the chat was closed.
/// Messages of a chat are put in order by the lock on its row.</summary>
public static class SendMessage
{
    private const int MaxText = 4000, MaxClientId = 64;
    private const int Burst = 30, BurstSeconds = 10;

    /// <param name="ClientId">Made by the sender, a new one for each message; a retry sends the same.</param>
    public sealed record Body(string ClientId, string Text);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/chats/{id}/messages", async (ChatId id, Body body, Caller caller, Database database, RateLimits limits, CancellationToken stop) =>
            (await Run(database, limits, caller, id, body, stop)).ToHttp(success: 201))
        .WithName(nameof(SendMessage)).RequiresSignIn().Produces<MessageView>(201);

    public static async Task<Result<MessageView>> Run(Database database, RateLimits limits, Caller caller, ChatId id, Body body, CancellationToken stop)
    {
        if (body.ClientId is not { Length: >= 1 and <= MaxClientId } || body.ClientId.Any(char.IsControl)) return MarketplaceRefusals.MessageInvalid;
        if (body.Text is not { Length: <= MaxText } || string.IsNullOrWhiteSpace(body.Text) || body.Text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))) return MarketplaceRefusals.MessageInvalid;
        if (await limits.Hit($"chat:{caller.AccountId:n}", Burst * limits.Factor, BurstSeconds, stop) is { } wait) return FoundationRefusals.RateLimited with { RetryAfterSeconds = wait };
        return await database.InTransaction(tx => Add(tx, caller.AccountId!.Value, caller, id, body), stop);
    }

    private static async Task<Result<MessageView>> Add(Transaction tx, Guid author, Caller caller, ChatId id, Body body)
    {
        if (await ChatRows.Lock(tx, id) is not { } chat || !chat.Has(caller)) return MarketplaceRefusals.ChatNotFound;
        if (await tx.Find<MessageView>(Stored, new { id, author, body.ClientId }) is { } stored) return stored;
        if (chat.State == ChatState.Closed) return MarketplaceRefusals.ChatClosed.With(("reason", chat.CloseReason));
        if (await PersonBlocks.Between(tx, chat.CustomerId, chat.ProviderAccountId)) return MarketplaceRefusals.PeopleBlocked;

        var message = new MessageView(tx.NewId<MessageId>(), chat.LastSeq + 1, MessageKind.Text, author, body.ClientId, body.Text, tx.Now);
        await tx.ChangeOne(Insert, new { message.Id, chat = id, message.Seq, author, body.ClientId, body.Text, now = tx.Now });
        await tx.ChangeOne("update marketplace.chats set last_seq = @Seq, last_message_at = @now where id = @id and last_seq = @Seq - 1", new { id, message.Seq, now = tx.Now });
        await tx.Change(ChatReads.Upsert, new { chat = id, person = author, seq = message.Seq, typingUntil = (DateTimeOffset?)null, now = tx.Now });
        var other = chat.Other(author);
        await tx.EnqueueNow(new TellOfMessage(id, other, message.Seq), uniqueKey: $"{id}:{other:n}", runAt: tx.Now + TellOfMessage.After);
        tx.Hint(ChatTopic.Of(id));
        tx.Hint(ChatTopic.StateOf(id));
        return message;
    }

    private const string Stored = MessageRows.Select + " where m.chat_id = @id and m.author_id = @author and m.client_id = @ClientId";

    private const string Insert = """
        insert into marketplace.messages (id, chat_id, seq, kind, author_id, client_id, text, sent_at) values (@Id, @chat, @Seq, 'text', @author, @ClientId, @Text, @now)
        """;
}
