namespace Guildhall.Drills;

/// <summary>Providers who are open day and night, and people with accounts, as the product writes them.</summary>
internal static class Market
{
    /// <summary>Each offers one service of so many minutes, without notice, for a year ahead.</summary>
    public static async Task Open(Stage stage, int providers, int minutes)
    {
        for (var n = 0; n < providers; n++)
        {
            await stage.Tell("""
                insert into marketplace.providers (id, account_id, display_name, headline, bio, kind, zone, languages, state, created_at)
                    values ($1, $2, 'Omar Haddad', 'Adviser', '', 'advisor', 'Asia/Kuwait', '{en}', 'active', now())
                """, Provider(n), Seller(n));
            await stage.Tell("insert into marketplace.weekly_hours (provider_id, weekday, from_minute, until_minute) select $1, d, 0, 1440 from generate_series(1, 7) d", Provider(n));
            await stage.Tell("""
                insert into marketplace.services (id, provider_id, name, description, kind, minutes, buffer_minutes, price_minor, currency, notice_minutes, horizon_days, active, created_at)
                    values ($1, $2, 'A short talk', 'One question.', 'consultation', $3, 0, 5000, 'KWD', 0, 365, true, now())
                """, Service(n), Provider(n), minutes);
        }
    }

    /// <summary>The accounts of so many providers and customers, with a password's hash or with none.</summary>
    public static async Task Settle(Stage stage, int providers, int customers, string hash = "")
    {
        var ids = Enumerable.Range(0, providers).Select(Seller).Concat(Enumerable.Range(0, customers).Select(Customer)).ToArray();
        var emails = Enumerable.Range(0, providers).Select(SellerEmail).Concat(Enumerable.Range(0, customers).Select(CustomerEmail)).ToArray();
        await stage.Tell("""
            insert into identity.accounts (id, email, email_key, display_name, language, zone, password_hash, state, created_at, email_verified_at, changed_at)
            select a.id, a.email, a.email, 'Layla Al-Sayed', 'en', 'Asia/Kuwait', $3, 'active', now(), now(), now() from unnest($1, $2) as a(id, email)
            """, ids, emails, hash);
        await stage.Tell("""
            insert into messaging.recipients (person_id, email, display_name, language, zone, changed_at) select a.id, a.email, 'Layla Al-Sayed', 'en', 'Asia/Kuwait', now() from unnest($1, $2) as a(id, email)
            """, ids, emails);
    }

    public static Task Set(Stage stage, string setting, int value) =>
        stage.Tell("insert into foundation.settings (key, value, version, changed_at) values ($1, to_jsonb($2), 1, now()) on conflict (key) do update set value = excluded.value", setting, value);

    public static Guid Provider(int n) => Id(n, 1);

    public static Guid Service(int n) => Id(n, 2);

    public static Guid Seller(int n) => Id(n, 3);

    public static Guid Customer(int n) => Id(n, 4);

    public static string SellerEmail(int n) => $"seller{n}@example.test";

    public static string CustomerEmail(int n) => $"customer{n}@example.test";

    private static Guid Id(int n, short kind) => new(n + 1, kind, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
}
