using Guildhall.Messaging;
using Guildhall.Messaging.Delivery;
using Guildhall.Web.Components;
using Guildhall.Web.Pages.Console.Parts;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Console.Deliveries;

/// <summary>Sends a message again that surely nobody took.</summary>
internal static class DeliveryForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapForm("/console/deliveries/{id}/retry", "RetryDeliveryForm", MessagingPermissions.DeliveryRetry, Retry);

    private static async Task<IResult> Retry(PostedForm form)
    {
        var (id, language) = (form.Id<DeliveryId>(), Reader.Of(form.Http).Language);
        var page = $"/console/deliveries/{id}";
        var result = await form.Database.InTransaction(tx => RetryDelivery.Run(tx, form.Caller, id), form.Stop);
        return result.Refusal is { } refusal ? form.Warned(page, RefusalWords.Say(refusal, language))
            : form.Done(page, language == "ar" ? "تُعاد الآن. ما يحدث لها يظهر هنا." : "It is tried again. What comes of it stands here.");
    }
}
