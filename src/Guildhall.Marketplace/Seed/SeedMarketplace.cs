using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Identity.Accounts;

namespace Guildhall.Marketplace.Seed;

/// <summary>The demo marketplace: a customer, staff, providers with services and hours. For sandbox mode only. A second time changes nothing.</summary>
public static class SeedMarketplace
{
    /// <summary>Of every demo account.</summary>
    public const string Password = "guildhall-demo-2026";

    /// <summary>Makes what is missing. Identity has to be set up in this process, since it makes the passwords.</summary>
    public static async Task Ensure(Database database, CancellationToken stop = default)
    {
        await database.InTransaction(async tx =>
        {
            await SeedAccounts.Ensure(tx, "layla@example.test", "Layla Al-Sayed", Password, ["customer"], "en", "Asia/Kuwait");
            await SeedAccounts.Ensure(tx, "sean@example.test", "Seán Kelly", Password, ["customer"], "en", "Europe/Dublin");
            await SeedAccounts.Ensure(tx, "admin@example.test", "Ada Admin", Password, ["admin"], "en", "Asia/Kuwait");
            await SeedAccounts.Ensure(tx, "finance@example.test", "Farid Finance", Password, ["finance"], "en", "Asia/Kuwait");
        }, stop);
        foreach (var demo in DemoProviders.All) await database.InTransaction(tx => Provider(tx, demo), stop);
    }

    private static async Task Provider(Transaction tx, DemoProvider demo)
    {
        var account = await SeedAccounts.Ensure(tx, demo.Email, demo.Name, Password, ["customer", "provider"], demo.Language, demo.Zone);
        var id = tx.NewId<ProviderId>();
        if (await tx.ChangeNow(InsertProvider, new { id, account, demo.Name, demo.Headline, demo.Bio, demo.Kind, demo.Zone, demo.Languages, demo.Place.Latitude, demo.Place.Longitude, now = tx.Now }) == 0) return;

        foreach (var weekday in demo.Weekdays)
            foreach (var (from, until) in demo.Hours)
                await tx.ChangeOne(InsertHours, new { id, weekday = weekday - '0', from, until });
        foreach (var (no, service) in demo.Services.Index()) // a millisecond apart: the catalogue is in the order of ids
            await tx.ChangeOne(InsertService, new
            {
                id = Id.New<ServiceId>(tx.Now.AddMilliseconds(no)), provider = id, service.Name, service.NameAr, demo.Category, service.Description, service.Kind, service.Minutes, service.BufferMinutes, service.PriceMinor,
                currency = Currency.Of(demo.Currency), service.NoticeMinutes, service.HorizonDays, now = tx.Now,
            });
    }

    private const string InsertProvider = """
        insert into marketplace.providers (id, account_id, display_name, headline, bio, kind, zone, languages, latitude, longitude, created_at)
        values (@id, @account, @Name, @Headline, @Bio, @Kind, @Zone, @Languages, @Latitude, @Longitude, @now)
        on conflict (account_id) do nothing
        """;

    private const string InsertHours = "insert into marketplace.weekly_hours (provider_id, weekday, from_minute, until_minute) values (@id, @weekday, @from, @until)";

    private const string InsertService = """
        insert into marketplace.services (id, provider_id, name, name_ar, category_id, description, kind, minutes, buffer_minutes, price_minor, currency, notice_minutes, horizon_days, created_at)
        values (@id, @provider, @Name, @NameAr, @Category, @Description, @Kind, @Minutes, @BufferMinutes, @PriceMinor, @currency, @NoticeMinutes, @HorizonDays, @now)
        """;
}
