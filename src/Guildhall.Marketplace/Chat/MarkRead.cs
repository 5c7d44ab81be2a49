using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Chat;

/// <summary>The caller has read up to a sequence. It only moves forward and never beyond what was said.</summary>
public static class MarkRead
{
    public sealed record Body(long Seq);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/chats/{id}/actions/read", async (ChatId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body.Seq, stop)).ToHttp())
        .WithName("ReadChatUpTo").RequiresSignIn().Produces(204);

    public static async Task<Result<Done>> Run(Database database, Caller caller, ChatId id, long seq, CancellationToken stop)
    {
        if (await ChatRows.Find(database, id, stop) is not { } chat || !chat.Has(caller)) return MarketplaceRefusals.ChatNotFound;
        return await ChatReads.Set(database, caller, id, Math.Clamp(seq, 0, chat.LastSeq), typing: false, stop);
    }
}

/// <summary>The caller is typing: shown to the other side for a few seconds. Nothing is kept of it but the moment.</summary>
public static class ShowTyping
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/chats/{id}/actions/typing", async (ChatId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ShowTyping)).RequiresSignIn().Produces(204);

    public static async Task<Result<Done>> Run(Database database, Caller caller, ChatId id, CancellationToken stop)
    {
        if (await ChatRows.Find(database, id, stop) is not { } chat || !chat.Has(caller)) return MarketplaceRefusals.ChatNotFound;
        if (chat.State == ChatState.Closed) return MarketplaceRefusals.ChatClosed.With(("reason", chat.CloseReason));
        return await ChatReads.Set(database, caller, id, seq: 0, typing: true, stop);
    }
}

internal static class ChatReads
{
    private static readonly TimeSpan TypingShows = TimeSpan.FromSeconds(5);

    public static Task<Result<Done>> Set(Database database, Caller caller, ChatId chat, long seq, bool typing, CancellationToken stop) =>
        database.InTransaction<Result<Done>>(async tx =>
        {
            await tx.Change(Upsert, new { chat, person = caller.AccountId!.Value, seq, typingUntil = typing ? tx.Now + TypingShows : (DateTimeOffset?)null, now = tx.Now });
            tx.Hint(ChatTopic.StateOf(chat));
            return default(Done);
        }, stop);

    public const string Upsert = """
        insert into marketplace.chat_reads as r (chat_id, person_id, seq, read_at, typing_until) values (@chat, @person, @seq, @now, @typingUntil)
        on conflict (chat_id, person_id) do update set seq = greatest(r.seq, excluded.seq), read_at = case when excluded.seq > r.seq then excluded.read_at else r.read_at end,
            typing_until = excluded.typing_until, revision = r.revision + 1
            where excluded.seq > r.seq or excluded.typing_until is distinct from r.typing_until
        """;
}
