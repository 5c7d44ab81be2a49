using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Marketplace.Chat;

/// <summary>One entry of a chat of the caller, for the page that reports it.</summary>
public static class ReadMessage
{
    public static async Task<Result<MessageView>> Run(Database database, Caller caller, ChatId chat, MessageId id, CancellationToken stop)
    {
        if (await ChatRows.Find(database, chat, stop) is not { } found || !found.Has(caller)) return MarketplaceRefusals.ChatNotFound;
        return await database.Find<MessageView>(MessageRows.Select + " where m.id = @id and m.chat_id = @chat", new { id, chat }, stop) is { } message ? message : MarketplaceRefusals.MessageNotReportable;
    }
}
