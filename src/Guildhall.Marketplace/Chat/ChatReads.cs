using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Marketplace.Chat;

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
