using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Messaging;
using Guildhall.Messaging.Inbox;
using Guildhall.Messaging.Voice;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Account;

/// <summary>Marks what was shown as read, and has reminders read out.</summary>
internal static class InboxForm
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/inbox/read-all", nameof(InboxForm), Send).RequiresSignIn();
        app.MapPosted("/inbox/{id}/speak", "SpeakForm", Speak).RequiresSignIn().Limited(RateClass.Money);
        app.MapGet("/inbox/{id}/voice", async (NoticeId id, HttpContext http, Caller caller, Database database, ElevenLabs voices) =>
            ReadNoticeVoice.ToHttp(http, await ReadNoticeVoice.Run(database, voices, caller, id, http.RequestAborted))).WithName("VoiceLink").RequiresSignIn().ExcludeFromDescription();
    }

    private static async Task<IResult> Speak(Posted form)
    {
        var id = form.Id<NoticeId>();
        var result = await SpeakNotice.Run(form.Database, form.Get<ElevenLabs>(), form.Caller, id, form.Stop);
        return result.Is(out _, out var refusal) ? Results.Redirect($"/inbox/{id}/voice") : form.Sorry("/inbox", refusal);
    }

    private static async Task<IResult> Send(Posted form)
    {
        NoticeId? upTo = Id.TryParse<NoticeId>(form["upTo"], out var id) ? id : null;
        var result = await form.Database.InTransaction(tx => MarkAllRead.Run(tx, form.Caller, upTo), form.Stop);
        var back = form["back"] is "/desk/messages" ? "/desk/messages" : "/inbox";
        return result.Is(out _, out var refusal) ? form.Done(back) : form.Sorry(back, refusal);
    }
}
