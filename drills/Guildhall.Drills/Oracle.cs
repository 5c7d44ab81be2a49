using System.Text.Json;

namespace Guildhall.Drills;

/// <summary>What must be true afterwards, asked of the database as its superuser and of the gateway, not of the product.</summary>
internal static class Oracle
{
    /// <summary>Nothing is under way any more.</summary>
    public const string Quiet = """
        select not exists (select 1 from money.payments where state in ('created', 'requires_action', 'authorized', 'capturing', 'unknown'))
           and not exists (select 1 from money.refunds where state in ('pending', 'unknown'))
           and not exists (select 1 from money.webhooks where state = 'received')
           and not exists (select 1 from marketplace.bookings where state = 'held')
        """;

    private static readonly (string Says, string Sql)[] Laws =
    [
        ("something is still under way", $"select count(*) from (select 1 where not ({Quiet})) q"),
        ("the ledger does not sum to zero in a currency", "select count(*) from (select a.currency from money.entries e join money.accounts a on a.id = e.account_id group by 1 having sum(e.minor) <> 0) q"),
        ("a journal does not sum to zero", "select count(*) from (select journal_id from money.entries group by 1 having sum(minor) <> 0) q"),
        ("a provider's balance is not the sum of its entries", """
            select count(*) from money.balances b where b.owed_minor <> -(select coalesce(sum(e.minor), 0) from money.entries e where e.account_id = b.account_id)
            """),
        ("a captured payment has no journal, or more than one", """
            select count(*) from money.payments p where p.state = 'captured' and (select count(*) from money.journals j where j.kind = 'capture' and j.order_id = p.order_id) <>
                (select count(*) from money.payments q where q.order_id = p.order_id and q.state = 'captured')
            """),
        ("money was captured but the slot is not booked and the money is not on its way back", """
            select count(*) from money.payments p join money.orders o on o.id = p.order_id join money.payment_guards g on g.payment_id = p.id join marketplace.bookings b on b.id = o.subject_id
            where p.state = 'captured' and b.state not in ('confirmed', 'completed') and g.refunded_minor < g.captured_minor
            """),
        ("a confirmed booking is not paid", """
            select count(*) from marketplace.bookings b left join money.orders o on o.subject_id = b.id where b.state = 'confirmed' and o.state is distinct from 'paid'
            """),
        ("a slot is sold twice", """
            select count(*) from marketplace.bookings a join marketplace.bookings b on a.provider_id = b.provider_id and a.id < b.id and a.state = 'confirmed' and b.state = 'confirmed'
                and tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
            """),
        ("escrow differs from the paid orders", """
            select count(*) from (select coalesce(sum(e.minor), 0) as held from money.entries e join money.accounts a on a.id = e.account_id where a.kind = 'escrow') l,
                (select coalesce(sum(g.captured_minor - g.refunded_minor), 0) as held from money.orders o join money.payment_guards g on g.payment_id = o.paid_payment_id where o.state = 'paid' and o.released_at is null) o
            where -l.held <> o.held
            """),
        ("a job is dead", "select count(*) from foundation.jobs where state = 'dead'"),
        ("a fact was quarantined", "select count(*) from money.quarantine"),
    ];

    public static async Task<IReadOnlyList<string>> Judge(Stage stage)
    {
        var broken = new List<string>();
        foreach (var (says, sql) in Laws)
            if (await stage.Ask<long>(sql) is > 0 and var times) broken.Add($"{says}: {times}");

        var intents = (await stage.Did("payment_intents")).Where(i => Text(i, "status") is "succeeded").ToList();
        var captured = await stage.Ask<long>("select count(*) from money.payments where state = 'captured'");
        if (intents.Count != captured) broken.Add($"the gateway captured {intents.Count} payments, the books have {captured}");
        Twice(broken, "payment", intents, "payment_id");
        var refunds = (await stage.Did("refunds")).Where(r => Text(r, "status") is "succeeded").ToList();
        var refunded = await stage.Ask<long>("select count(*) from money.refunds where state = 'completed'");
        if (refunds.Count != refunded) broken.Add($"the gateway made {refunds.Count} refunds, the books have {refunded}");
        Twice(broken, "refund", refunds, "refund_id");
        Console.WriteLine($"{captured} captured, {refunded} refunded, {await stage.Ask<long>("select count(*) from marketplace.bookings where state = 'confirmed'")} booked");
        return broken;
    }

    private static void Twice(List<string> broken, string what, IEnumerable<JsonElement> effects, string key)
    {
        foreach (var again in effects.GroupBy(e => Text(e.GetProperty("metadata"), key)).Where(g => g.Count() > 1)) broken.Add($"{what} {again.Key} happened {again.Count()} times at the gateway");
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
