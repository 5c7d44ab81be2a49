using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Guildhall.Tests.Support;

/// <summary>A marketplace in which somebody has one of everything: bookings held, paid, refunded and done, a card kept, chats, notices, invoices,
/// withdrawals, sessions, and staff with webhooks, approvals, rules and rates. For sweeps over all routes.</summary>
public partial class RichWorld : World
{
    protected override int NodeCount => 1;

    // A sweep asks more than a person ever would.
    protected override int RateFactor => 100_000;

    /// <summary>The provider everything belongs to, their customer, and staff.</summary>
    public Seller Seller { get; private set; } = null!;
    public Person Customer { get; private set; } = null!;
    public Person Admin { get; private set; } = null!;

    /// <summary>Every id that stands in the database before anybody else came.</summary>
    internal IReadOnlyList<Guid> Ids { get; private set; } = [];
    internal IReadOnlyList<long> Numbers { get; private set; } = [];

    /// <summary>The same as the product writes them, such as <c>pay_…</c>.</summary>
    internal IReadOnlyList<string> Names { get; private set; } = [];

    internal IReadOnlyList<RouteCall> Routes { get; private set; } = [];

    /// <summary>Errors that a sweep found in the log, since the last look.</summary>
    internal IReadOnlyList<string> NewErrors()
    {
        var errors = new List<string>();
        while (Errors.TryDequeue(out var error)) errors.Add(error.Length > 600 ? error[..600] : error);
        return errors;
    }

    protected override void Adjust(WebApplicationBuilder builder, int node) { }

    /// <summary>Lives the lives of everybody here; once.</summary>
    public async Task IsFurnished()
    {
        (Seller, Customer, Admin) = (await this.Provider(), await this.Customer(), await this.Staff());
        var finance = await this.Staff("finance");
        var done = await Customer.Books(Seller);
        var payment = (await Customer.Post($"orders/{done.Word("orderId")}/payments", new { keepMethod = true })).Must(201);
        await Customer.AtTheGateway(payment, "success");
        done = await Customer.SeesBookingBecome(done, "confirmed");
        (await Customer.Post($"chats/{done.Word("chatId")}/messages", new { clientId = "1", text = "Is the lease binding?" })).Must(201);
        var refunded = await Customer.BooksAndPays(Seller);
        var refundedPayment = (await Admin.Get("admin/payments")).Must().At("payments.0").GetProperty("id").GetString();
        (await Admin.Post($"payments/{refundedPayment}/refunds", new { reason = "asked", amount = new { minor = 5000, currency = "KWD" } })).Must(202, 201, 200);
        await Customer.Books(Seller);
        var moved = await Customer.BooksAndPays(Seller);
        (await Seller.Person.Post($"bookings/{moved.Word("id")}/actions/move", new { revision = moved.At("revision").GetInt32(), start = (await Customer.SeesFreeTimes(Seller))[0] })).Must();
        await Seller.Completes(done);
        foreach (var person in new[] { Customer, Admin, finance }) await person.SignsIn();
        (await Customer.Post($"bookings/{done.Word("id")}/absence", new { note = "Nobody came." })).Must(201, 200);
        (await Seller.Person.Post("providers/me/exceptions", new { date = Clock.Now.AddDays(9).ToString("yyyy-MM-dd"), note = "away" })).Must(201, 200);
        (await Seller.Person.TriesToWithdraw(new Amount(5_000, Seller.Price.Currency))).Must(201);
        await RunsAProject(done);
        await StaffWorks(refunded);
        await JobsAreDone();
        await Collect();
    }

    // One milestone that waits for its client, one that is invoiced, one to come.
    private async Task RunsAProject(Answer booking)
    {
        var project = (await Seller.Person.Post("client-projects", new { booking = booking.Word("id"), title = "New kitchen" })).Must(201);
        var path = $"client-projects/{project.Word("id")}";
        foreach (var title in new[] { "Plan", "Fitting", "Tiles" })
            project = (await Seller.Person.Post($"{path}/milestones", new { title, dueOn = "2031-05-01", amount = new { minor = 90_000, currency = "KWD" } })).Must(201);
        (await Seller.Person.Post($"{path}/actions/open", new { revision = 1 })).Must();
        foreach (var milestone in new[] { project.Word("milestones.0.id"), project.Word("milestones.1.id") })
        {
            (await Seller.Person.Post($"{path}/milestones/{milestone}/actions/start", new { revision = 1 })).Must();
            (await Seller.Person.Post($"{path}/milestones/{milestone}/actions/deliver", new { revision = 2 })).Must();
        }
        (await Customer.Post($"{path}/milestones/{project.Word("milestones.0.id")}/actions/accept", new { revision = 3 })).Must();
        (await Seller.Person.Post($"{path}/milestones/{project.Word("milestones.0.id")}/actions/invoice", new { dueDays = 14 })).Must();
    }

    private async Task StaffWorks(Answer booking)
    {
        var held = await Customer.Books(Seller);
        await Admin.Post($"admin/orders/{held.Word("orderId")}/settlements", new { by = "cash", document = "R-1", reason = "paid at the desk" });
        await Admin.Post("admin/webhook-endpoints", new { url = "http://127.0.0.1:9/hook" });
        await Admin.Post("admin/risk/blocks", new { kind = "email_domain", value = "bad.test", reason = "fraud" });
        await Admin.Post("admin/fee-rules", new { currency = "KWD", basisPoints = 1500, fixedMinor = 0, minimumMinor = 0, taxBasisPoints = 0, reason = "as agreed" });
        await Admin.Post("admin/ledger/rates", new { @base = "USD", quote = "KWD", numerator = 307, denominator = 1000, source = "bank", quotedAt = Clock.Now.AddHours(-1).ToString("O") });
        await Admin.Post("admin/reconciliation/rules", new { name = "rent", source = "bank-a", kind = "fee", textPart = "RENT", reason = "rent" });
        await Customer.OnAnotherDevice();
        (await Admin.Post("admin/saved-filters", new { list = "payments", name = "Failed", query = "state=failed" })).Must(201);
        booking.Status.ShouldBe(200);
    }

    // What stands in the columns of ids, and how the product writes the ids that its people and its trail have seen.
    private async Task Collect()
    {
        Routes = RouteCall.Of(Node(0));
        var columns = await Database.Rows("""
            select c.table_schema || '.' || c.table_name, c.data_type from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
            where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema', 'foundation') and c.column_name = 'id' and c.data_type in ('uuid', 'bigint')
            """);
        var (tables, numbers) = (new Dictionary<Guid, string>(), new HashSet<long>());
        foreach (var column in columns)
            foreach (var row in await Database.Rows($"select id from {column[0]} limit 300"))
            {
                if (row[0] is Guid id) tables[id] = (string)column[0]!;
                else numbers.Add((long)row[0]!);
            }
        (Ids, Numbers) = ([.. tables.Keys], [.. numbers.Take(40)]);
        var seen = string.Concat(await Database.Column<string>("select subject_id || ' ' || coalesce(after::text, '') from foundation.audit"));
        foreach (var route in Routes.Where(r => r.IsApi && r.IsRead && r.Parts.Count == 0))
            foreach (var person in new[] { Customer, Seller.Person, Admin })
                if (await person.Get(route.Pattern) is { Status: 200 } answer) seen += answer.Text;
        Names = [.. TypedId().Matches(seen).Select(m => m.Value).Distinct(StringComparer.Ordinal)];
        foreach (var name in Names)
            if (TryRead(name) is { } id && tables.TryGetValue(id, out var table)) _tables.GetOrAdd(name[..name.IndexOf('_', StringComparison.Ordinal)], _ => []).Add(table);
        _byTable = tables.ToLookup(t => t.Value, t => t.Key, StringComparer.Ordinal);
    }

    private readonly ConcurrentDictionary<string, HashSet<string>> _tables = new(StringComparer.Ordinal);
    private ILookup<string, Guid> _byTable = Array.Empty<Guid>().ToLookup(_ => "");

    // All ids of the tables whose rows are written with this prefix, and a few of every other; all there are, when nothing was seen with it.
    private IEnumerable<Guid> OfKind(string prefix) => _tables.TryGetValue(prefix, out var tables)
        ? tables.SelectMany(t => _byTable[t]).Concat(_byTable.Where(t => !tables.Contains(t.Key)).SelectMany(t => t.Take(1))) : Ids;

    private static Guid? TryRead(string name) => Id.TryParse(name, name[..name.IndexOf('_', StringComparison.Ordinal)], out var id) ? id : null;

    /// <summary>Values that an address part of this route can take: all ids there are, written as the route reads them.</summary>
    internal IEnumerable<string> Fitting(RouteCall route, RoutePatternParameterPart part) => (RouteCall.Policy(part), route.TypeOf(part.Name)) switch
    {
        ("long", _) => Numbers.Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("guid", _) => Ids.Select(id => id.ToString()),
        (_, { } type) when typeof(IId).IsAssignableFrom(type) => OfKind(Prefix(type)).Select(id => Id.Format(Prefix(type), id)),
        _ => Names.GroupBy(n => n[..n.IndexOf('_', StringComparison.Ordinal)], StringComparer.Ordinal).SelectMany(kind => kind.Take(6)),
    };

    private static readonly ConcurrentDictionary<Type, string> Prefixes = new();

    internal static string Prefix(Type type) => Prefixes.GetOrAdd(type, static t => (string)t.GetProperty("Prefix")!.GetValue(null)!);

    [GeneratedRegex(@"\b[a-z]{2,10}_[0-9a-hjkmnp-tv-z]{26}\b", RegexOptions.NonBacktracking)]
    private static partial Regex TypedId();
}
