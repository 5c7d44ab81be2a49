using Guildhall.Content.Documents;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Bookings;
using Guildhall.Messaging.Delivery;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Console.Bookings;
using Guildhall.Web.Pages.Console.Deliveries;
using Guildhall.Web.Pages.Console.Parts;
using Guildhall.Web.Pages.Console.People;
using Guildhall.Web.Pages.Console.Texts;

namespace Guildhall.Web.Pages.Console.Search;

/// <summary>What is found, in the words of the staff.</summary>
internal static class SearchWords
{
    public static Phrase Group(string kind) => kind switch
    {
        "people" => Words.People,
        "payments" => Words.Payments,
        "orders" => new("Orders", "الطلبات"),
        "bookings" => Words.Bookings,
        "withdrawals" => Words.Withdrawals,
        "invoices" => Words.Invoices,
        "disputes" => Words.Disputes,
        "deliveries" => Words.Deliveries,
        "content" => Words.Content,
        "settings" => Words.Settings,
        "jobs" => Words.Jobs,
        _ => new(JsonWords.Say(kind), JsonWords.Say(kind)),
    };

    public static StateLook? Look(string kind, string? state) => state is null ? null : kind switch
    {
        "people" => PeopleWords.Look(Names.Parse<AccountState>(state)),
        "bookings" => BookingLook.Of(Names.Parse<BookingState>(state)),
        "deliveries" => DeliveryWords.Look(Names.Parse<DeliveryState>(state)),
        "content" => TextWords.Look(Names.Parse<DocumentState>(state)),
        _ => States.Of(kind.TrimEnd('s'), state),
    };

    /// <summary>Whether the text names this and nothing else: its id, or the id of something whose page this one is.</summary>
    public static bool IsId(string text, SearchHit hit) => text == hit.Id || text.Length == Prefixed && text[3] == '_';

    private const int Prefixed = 3 + 1 + 26;
}
