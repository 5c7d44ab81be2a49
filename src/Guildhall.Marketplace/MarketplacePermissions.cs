using Guildhall.Foundation.Security;

namespace Guildhall.Marketplace;

/// <summary>What staff may be allowed to do in the marketplace.</summary>
public static class MarketplacePermissions
{
    public static readonly Permission BookingView = new("booking.view", "See every booking");
    public static readonly Permission CategoryEdit = new("category.edit", "Name the categories of the catalogue, order them, take them out of use");
    public static readonly Permission ProviderApprove = new("provider.approve", "See applications of would-be providers, approve and reject them");
    public static readonly Permission PolicyEdit = new("booking.terms", "Set the terms of cancelling and moving by which later bookings are sold");
    public static readonly Permission TalkModerate = new("talk.moderate", "See reports out of chats with the words they are about, and appeals against hidden contact details, and decide them; let a provider sell again");
    public static readonly Permission AbsenceDecide = new("booking.absence", "See reports that somebody did not come, with what was written around that time, and decide them");
    public static readonly Permission PackageEdit = new("package.edit", "See the packages of every provider, add and change them");
    public static readonly Permission ClientProjectView = new("client_project.view", "See every client project with its milestones and files");
    public static readonly Permission ClientProjectEdit = new("client_project.edit", "Open client projects for providers, change them and their milestones");
    public static readonly Permission ReviewHide = new("review.hide", "See the published reviews of bookings, and hide one with a reason");
}
