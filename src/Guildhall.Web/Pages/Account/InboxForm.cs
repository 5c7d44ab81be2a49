using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Messaging;
using Guildhall.Messaging.Inbox;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>Marks what was shown as read.</summary>
internal static class InboxForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPosted("/inbox/read-all", nameof(InboxForm), Send).RequiresSignIn();

    private static async Task<IResult> Send(Posted form)
    {
        NoticeId? upTo = Id.TryParse<NoticeId>(form["upTo"], out var id) ? id : null;
        var result = await form.Database.InTransaction(tx => MarkAllRead.Run(tx, form.Caller, upTo), form.Stop);
        var back = form["back"] is "/desk/messages" ? "/desk/messages" : "/inbox";
        return result.Is(out _, out var refusal) ? form.Done(back) : form.Sorry(back, refusal);
    }
}
