using System.Text.Json;
using System.Text.RegularExpressions;

namespace Guildhall.Tests.Support;

/// <summary>Somebody who sells one service, open day and night, with a bank account.</summary>
public sealed record Seller(Person Person, string Service, Amount Price);

/// <summary>What people do with each other on the marketplace, over HTTP and in their own words.</summary>
public static partial class Trade
{
    /// <summary>A new customer, confirmed and signed in.</summary>
    public static Task<Person> Customer(this World world) => world.Person("customer");

    /// <summary>Somebody of the house with this role: finance or admin.</summary>
    public static Task<Person> Staff(this World world, string role = "admin") => world.Person(role);

    /// <summary>A provider with one consultation of an hour, without notice.</summary>
    public static async Task<Seller> Provider(this World world, string currency = "KWD", long priceMinor = 25_000)
    {
        var person = await world.Person("provider");
        var (provider, service, now) = (Guid.CreateVersion7(), Guid.CreateVersion7(), world.Clock.Now);
        await world.Database.Execute("""
            insert into marketplace.providers (id, account_id, display_name, headline, bio, kind, zone, languages, created_at)
            values ($1, $2, 'Omar Haddad', 'Adviser', '', 'advisor', 'Asia/Kuwait', '{en}', $3)
            """, provider, person.Id, now);
        await world.Database.Execute("insert into marketplace.weekly_hours (provider_id, weekday, from_minute, until_minute) select $1, d, 0, 1440 from generate_series(1, 7) d", provider);
        await world.Database.Execute("""
            insert into marketplace.services (id, provider_id, name, description, kind, minutes, buffer_minutes, price_minor, currency, notice_minutes, horizon_days, created_at)
            values ($1, $2, 'A question of law', 'One question, one answer.', 'consultation', 60, 15, $3, $4, 0, 60, $5)
            """, service, provider, priceMinor, currency, now);
        (await person.Put("providers/me/payout-destination", new { holder = "Omar Haddad", account = "KW81CBKU0000000000001234560101" })).Must();
        return new Seller(person, Id.Format("srv", service), new Amount(priceMinor, Currency.Of(currency)));
    }

    /// <summary>Start times that are free, the first ones first.</summary>
    public static async Task<IReadOnlyList<string>> SeesFreeTimes(this Visitor visitor, Seller seller, int days = 3) =>
        [.. (await visitor.Get($"services/{seller.Service}/slots?days={days}&zone=Europe/Dublin")).Must().At("days").EnumerateArray()
            .SelectMany(day => day.GetProperty("slots").EnumerateArray()).Select(slot => slot.GetProperty("start").GetString()!)];

    /// <summary>Holds the last free time of the coming days unless told which.</summary>
    public static async Task<Answer> TriesToBook(this Person customer, Seller seller, string? start = null) =>
        await customer.Post("bookings", new { serviceId = seller.Service, start = start ?? (await customer.SeesFreeTimes(seller))[^1] });

    public static async Task<Answer> Books(this Person customer, Seller seller, string? start = null) => (await customer.TriesToBook(seller, start)).Must(201);

    public static Task<Answer> TriesToPay(this Person customer, Answer booking) => customer.Post($"orders/{booking.Word("orderId")}/payments");

    /// <summary>Goes to the gateway's page: the payment as it was started.</summary>
    public static async Task<Answer> StartsToPay(this Person customer, Answer booking) => (await customer.TriesToPay(booking)).Must(201);

    /// <summary>Starts a payment and does at the gateway's page what the outcome says: success, decline, three_d_secure, timeout_but_charged, late_success, abandon.</summary>
    public static async Task<Answer> Pays(this Person customer, Answer booking, string outcome = "success")
    {
        var payment = await customer.StartsToPay(booking);
        await customer.AtTheGateway(payment, outcome);
        return payment;
    }

    public static async Task AtTheGateway(this Person customer, Answer payment, string outcome) => await customer.Home.Gateway.Pays(SessionOf(payment), outcome);

    /// <summary>The gateway's name for its page, as its address says it.</summary>
    public static string SessionOf(Answer payment) => CheckoutSession().Match(payment.Word("redirectUrl")).Value;

    public static async Task<Answer> SeesBooking(this Person person, Answer booking) => (await person.Get($"bookings/{booking.Word("id")}")).Must();

    /// <summary>Looks at the booking until it has that state.</summary>
    public static Task<Answer> SeesBookingBecome(this Person person, Answer booking, string state) =>
        Eventually.Get(() => person.SeesBooking(booking), b => b.Word("state") == state, $"The booking did not become {state}");

    public static Task<Answer> SeesPaymentBecome(this Person person, Answer payment, string state) => Eventually.Get(
        async () => (await person.Get($"payments/{payment.Word("id")}")).Must(), p => p.Word("state") == state, $"The payment did not become {state}");

    /// <summary>Books, pays with a good card, and waits for the confirmation.</summary>
    public static async Task<Answer> BooksAndPays(this Person customer, Seller seller)
    {
        var booking = await customer.Books(seller);
        await customer.Pays(booking);
        return await customer.SeesBookingBecome(booking, "confirmed");
    }

    public static Task<Answer> TriesToComplete(this Person provider, Answer booking) => provider.Post($"bookings/{booking.Word("id")}/actions/complete");

    /// <summary>Time passes until the booking has ended, and the provider says that it was done.</summary>
    public static async Task Completes(this Seller seller, Answer booking)
    {
        var ends = booking.At("endsAt").GetDateTimeOffset();
        if (seller.Person.Home.Clock.Now < ends) await seller.Person.Home.Clock.Passes(ends - seller.Person.Home.Clock.Now + 1.Minutes());
        await seller.Person.SignsIn();
        (await seller.Person.TriesToComplete(booking)).Must();
    }

    /// <summary>The figures of the one currency this provider has.</summary>
    public static async Task<JsonElement> SeesBalance(this Person provider) => (await provider.Get("providers/me/balance")).Must().At("balances.0");

    public static Task<Answer> TriesToWithdraw(this Person provider, Amount amount) =>
        provider.Post("withdrawals", new { amount = new { minor = amount.Minor, currency = amount.Currency.Code } });

    public static Task<Answer> Decides(this Person staff, Answer withdrawal, string how, string? reason = null) => staff.Post(
        $"admin/withdrawals/{withdrawal.Word("id")}/actions/{how}",
        reason is null ? new { revision = withdrawal.At("revision").GetInt32() } : new { revision = withdrawal.At("revision").GetInt32(), reason });

    public static Task<Answer> SeesWithdrawalBecome(this Person provider, Answer withdrawal, string state) => Eventually.Get(
        async () => (await provider.Get("withdrawals")).Must(),
        page => page.At("withdrawals").EnumerateArray().Any(w => w.GetProperty("id").GetString() == withdrawal.Word("id") && w.GetProperty("state").GetString() == state),
        $"The withdrawal did not become {state}");

    public static long Minor(this JsonElement figures, string name) => figures.GetProperty(name).GetProperty("minor").GetInt64();

    [GeneratedRegex("cs_[A-Za-z0-9_]+", RegexOptions.None, 1000)]
    private static partial Regex CheckoutSession();
}
