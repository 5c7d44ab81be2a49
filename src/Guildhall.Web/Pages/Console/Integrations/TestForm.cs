using Guildhall.Foundation.Http;
using Guildhall.Operations;
using Guildhall.Operations.Integrations;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Integrations;

/// <summary>Tries an integration and says what came of it.</summary>
internal static class TestForm
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapForm(TestIntegration.Page + "/{name}/test", nameof(TestForm), OperationsPermissions.HealthView, Send).Limited(RateClass.Money);

    private static async Task<IResult> Send(PostedForm form)
    {
        var tested = await TestIntegration.Run(form.Database, form.Get<IntegrationTests>(), form.Caller, form.Route("name"), form.Stop);
        if (!tested.Is(out var view, out var refusal)) return form.Refused(TestIntegration.Page, refusal);
        var said = $"{IntegrationNames.Of(view.Name)}: {view.Says}{(view.Reason is null ? "" : $" ({view.Reason})")}";
        return view.Outcome is TestOutcome.Works or TestOutcome.Waiting ? form.Done(TestIntegration.Page, said) : form.Warned(TestIntegration.Page, said);
    }
}
