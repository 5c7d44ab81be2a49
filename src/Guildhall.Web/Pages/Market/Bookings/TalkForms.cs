using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Moderation;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>Reporting and blocking the other side of a chat.</summary>
internal static class TalkForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/chats/{id}/report", "ReportTalkForm", Report).RequiresSignIn().Limited(RateClass.Auth);
        app.MapPosted("/chats/{id}/block", "BlockPersonForm", Block).RequiresSignIn();
        app.MapPosted("/blocks/{id}/lift", "LiftBlockForm", Lift).RequiresSignIn();
    }

    private static async Task<IResult> Report(Posted form)
    {
        var id = form.Id<ChatId>();
        var message = Id.TryParse<MessageId>(form["message"], out var parsed) ? parsed : (MessageId?)null;
        ReportReason? reason = null;
        foreach (var known in Enum.GetValues<ReportReason>())
            if (Names.Of(known) == form["reason"]) reason = known;
        var reported = await ReportTalk.Run(form.Database, form.Caller, id, new ReportTalk.Body(reason, message, form["words"]), form.Stop);
        if (reported.Is(out _, out var refusal)) return form.Done($"/chats/{id}", form.T("Reported. Our staff look at it and write to you.", "أُرسل البلاغ. ينظر فريقنا فيه ويكتب إليك."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Refused($"/chats/{id}/report" + (message is null ? "" : $"?message={message}"), refusal, "reason", "words");
    }

    private static async Task<IResult> Block(Posted form)
    {
        var blocked = await BlockPerson.Run(form.Database, form.Caller, form.Id<ChatId>(), form.Stop);
        return blocked.Is(out var block, out var refusal) ? form.Done($"/chats/{block.Chat}", form.T($"{block.Name} is blocked.", $"حُظر {block.Name}.")) : refusal.ToHttp();
    }

    private static async Task<IResult> Lift(Posted form)
    {
        var lifted = await LiftBlock.Run(form.Database, form.Caller, form.Id<BlockId>(), form.Stop);
        if (!lifted.Is(out _, out var refusal)) return refusal.ToHttp();
        return form.Done(Id.TryParse<ChatId>(form["chat"], out var chat) ? $"/chats/{chat}" : "/account/blocks", form.T("The block is lifted.", "أُلغي الحظر."));
    }
}
