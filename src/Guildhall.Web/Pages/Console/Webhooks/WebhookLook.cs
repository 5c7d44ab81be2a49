using Guildhall.Operations.Webhooks;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Console.Webhooks;

/// <summary>How an endpoint and its deliveries are shown.</summary>
internal static class WebhookLook
{
    private static readonly StateLook Well = new(new("Takes messages", "يستلم الرسائل"), "check", Tone.Good), Fails = new(new("Fails", "يفشل"), "alert", Tone.Warn),
        New = new(new("Nothing sent yet", "لم يُرسل شيء بعد"), "clock", Tone.Neutral), Stopped = new(new("Disabled", "معطّل"), "x", Tone.Neutral),
        Gone = new(new("Disabled: gone", "معطّل: لم يعد موجودًا"), "x", Tone.Bad), Failing = new(new("Disabled: took nothing", "معطّل: لم يستلم شيئًا"), "alert", Tone.Bad);

    public static StateLook Of(WebhookEndpointView endpoint) => (endpoint.State, endpoint.DisabledWhy, endpoint.Failures) switch
    {
        (WebhookEndpointState.Disabled, DisabledWhy.Gone, _) => Gone,
        (WebhookEndpointState.Disabled, DisabledWhy.Failing, _) => Failing,
        (WebhookEndpointState.Disabled, _, _) => Stopped,
        (_, _, > 0) => Fails,
        _ => endpoint.LastSuccessAt is null ? New : Well,
    };

    public static StateLook Of(DeliveryState state) => state switch
    {
        DeliveryState.Delivered => new(new("Delivered", "سُلّمت"), "check", Tone.Good),
        DeliveryState.Failed => new(new("Not taken", "لم تُستلم"), "alert", Tone.Bad),
        DeliveryState.Sending => new(new("Being sent", "تُرسل الآن"), "send", Tone.Accent),
        _ => new(new("Waits", "تنتظر"), "clock", Tone.Neutral),
    };
}
