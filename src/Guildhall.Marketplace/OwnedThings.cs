using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Marketplace;

/// <summary>Whose bookings, talks, series, waits, packages, projects, calendars and applications are.</summary>
internal static class OwnedThings
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddOwned(OwnedThing.Of<BookingId>("booking", "select @me not in (customer_id, provider_account_id) from marketplace.bookings where id = @id"));
        services.AddOwned(OwnedThing.Of<ChatId>("chat", "select @me not in (customer_id, provider_account_id) from marketplace.chats where id = @id"));
        services.AddOwned(OwnedThing.Of<CallId>("call", "select @me not in (caller_id, callee_id) from marketplace.calls where id = @id"));
        services.AddOwned(OwnedThing.Of<SeriesId>("series", "select @me not in (s.customer_id, p.account_id) from marketplace.series s join marketplace.providers p on p.id = s.provider_id where s.id = @id"));
        services.AddOwned(OwnedThing.Of<WaitId>("wait", "select customer_id <> @me from marketplace.waits where id = @id"));
        services.AddOwned(OwnedThing.Of<PackageSaleId>("package_sale", "select @me not in (customer_id, provider_account_id) from marketplace.package_sales where id = @id"));
        services.AddOwned(OwnedThing.Of<ClientProjectId>("client_project", "select @me not in (client_id, provider_account_id) from marketplace.client_projects where id = @id"));
        services.AddOwned(OwnedThing.Of<CalendarLinkId>("calendar_link", "select account_id <> @me from marketplace.calendar_links where id = @id"));
        services.AddOwned(OwnedThing.Of<ExternalCalendarId>("external_calendar", "select p.account_id <> @me from marketplace.external_calendars c join marketplace.providers p on p.id = c.provider_id where c.id = @id"));
        services.AddOwned(OwnedThing.Of<ProviderApplicationId>("provider_application", "select account_id <> @me from marketplace.provider_applications where id = @id"));
    }
}
