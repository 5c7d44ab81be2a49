using Guildhall.Content.Articles;
using Guildhall.Content.Documents;
using Guildhall.Content.Previews;
using Guildhall.Content.Schedules;
using Guildhall.Content.Site;
using Guildhall.Content.Testimonials;
using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Content;

/// <summary>What the deployment says about the site.</summary>
/// <param name="Product">Public address, for feeds and the sitemap.</param>
public sealed record ContentOptions(Uri Product);

/// <summary>The doors of this module.</summary>
public static class ContentModule
{
    public static void AddContent(this IServiceCollection services, ContentOptions options)
    {
        services.AddSingleton(options);
        services.AddSetting(ContentSettings.TwoPeople);
        services.AddPermissions(typeof(ContentPermissions));
        services.AddPersonalData(ContentPersonalData.Part);
        services.AddSearch(FindDocuments.Part);
        services.AddJob<CarryOutSchedule>(CarryOutSchedule.Run);
        services.AddLimits(
            new ProductLimit("Texts of the site", "title, address, summary, body of one language", $"{TextRules.MostTitle}, {TextRules.MostSlug}, {TextRules.MostSummary}, {TextRules.MostBody} characters", "422 `content_text_invalid`"),
            new ProductLimit("Texts of the site", "versions of one text", "10,000", "409 `content_versions_full`"),
            new ProductLimit("Texts of the site", "a preview is open", "1 to 168 hours", "404"));
    }

    /// <param name="api">The group <c>/api/v1</c>.</param>
    public static void MapContent(this IEndpointRouteBuilder api)
    {
        ListArticles.Map(api);
        ReadArticle.Map(api);
        ListTestimonials.Map(api);
        ReadSite.Map(api);
        ReadServiceText.Map(api);
        var staff = api.MapGroup("/admin/content");
        ListDocuments.Map(staff);
        CreateDocument.Map(staff);
        ReadDocument.Map(staff);
        SaveDocument.Map(staff);
        RestoreVersion.Map(staff);
        CompareVersions.Map(staff);
        PublishDocument.Map(staff);
        UnpublishDocument.Map(staff);
        ScheduleDocument.Map(staff);
        CancelSchedule.Map(staff);
        MakePreview.Map(staff);
        WithdrawPreviews.Map(staff);
    }

    /// <summary>Feeds, sitemap and the word to robots, at the root.</summary>
    public static void MapContentFiles(this IEndpointRouteBuilder app)
    {
        WriteFeed.Map(app);
        WriteSitemap.Map(app);
    }
}
