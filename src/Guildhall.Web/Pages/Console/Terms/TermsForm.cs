using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Policies;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Terms;

/// <summary>Sets the next version of cancellation terms, as they were tried out on the page.</summary>
internal static class TermsForm
{
    public const int Tiers = 5;
    private const string Page = "/console/cancellation-terms";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm($"{Page}/set", "SetTermsForm", MarketplacePermissions.PolicyEdit, form => Set(form, followsDefault: false)).Idempotent();
        app.MapForm($"{Page}/follow", "FollowTermsForm", MarketplacePermissions.PolicyEdit, form => Set(form, followsDefault: true)).Idempotent();
    }

    /// <summary>What stands in the fields; a number that is none becomes one that the use case objects to.</summary>
    public static SetPolicy.Body Read(Func<string, string?> field, ServiceId? service, bool followsDefault = false)
    {
        var tiers = new List<CancellationTier>();
        for (var i = 1; i <= Tiers; i++)
            if (field($"h{i}") is { Length: > 0 } hours) tiers.Add(new CancellationTier(Number(hours), Number(field($"p{i}"))));
        tiers.Add(new CancellationTier(0, Number(field("later"))));
        return new SetPolicy.Body(service, tiers, Number(field("noshow")), Number(field("move")), Number(field("moves")), Math.Max(0, Number(field("seen"))), field("why") ?? "", followsDefault);
    }

    private static async Task<IResult> Set(PostedForm form, bool followsDefault)
    {
        ServiceId? service = Id.TryParse<ServiceId>(form["service"], out var id) ? id : null;
        var back = service is null ? Page : $"{Page}?service={service}";
        var set = await SetPolicy.Run(form.Database, form.Caller, Read(name => form[name], service, followsDefault), form.Stop);
        return set.Is(out var policy, out var refusal) ? form.Done(back, $"Version {policy.Version} holds for what is sold from now on.") : form.Refused(back, refusal);
    }

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
