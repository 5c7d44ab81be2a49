using Guildhall.Foundation.Security;
using Guildhall.Messaging;
using Guildhall.Money;
using Guildhall.Money.Invoices;

namespace Guildhall.Tests.Money.Invoices;

/// <summary>What tests of invoices say about their world.</summary>
internal static class Papers
{
    public static readonly Currency Kwd = MoneyWorld.Kwd;

    /// <summary>Somebody with an account and an address.</summary>
    public static async Task<Caller> Account(this MoneyWorld world, string name = "Mona Buyer", string language = "en", Caller? of = null)
    {
        var person = of ?? MoneyWorld.Person();
        var id = person.AccountId!.Value;
        await world.Database.Execute("""
            insert into identity.accounts (id, email, email_key, display_name, language, zone, password_hash, state, created_at, changed_at)
            values ($1, $2, $2, $3, $4, 'Asia/Kuwait', 'none', 'unverified', now(), now())
            """, id, $"{id:n}@example.test", name, language);
        await world.Data().InTransaction(tx => Recipients.Put(tx, id, $"{id:n}@example.test", name, language, "Asia/Kuwait"));
        return person;
    }

    public static IssueInvoice.Body Bill(this MoneyWorld world, Caller buyer, Caller provider, params IssueInvoice.Line[] lines) =>
        new(new AccountId(buyer.AccountId!.Value), new AccountId(provider.AccountId!.Value), lines.Length > 0 ? lines : [new IssueInvoice.Line("Plan of the house", new Amount(40_000, Kwd), 500)], world.Clock.Now.AddDays(14));

    public static async Task<ReadInvoice.View> Issues(this MoneyWorld world, IssueInvoice.Body body, int node = 0) =>
        (await IssueInvoice.Run(world.Data(node), world.Get<MasterKey>(node), MoneyWorld.Staff, body, default)).OrThrow();

    public static async Task<ReadInvoice.View> Reads(this MoneyWorld world, InvoiceId id, Caller? caller = null) =>
        (await ReadInvoice.Run(world.Data(1), world.Get<MasterKey>(1), caller ?? MoneyWorld.Staff, id, default)).OrThrow();

    /// <summary>The documents of an order as <c>kind number total credited state</c>, in the order they were issued.</summary>
    public static async Task<IReadOnlyList<InvoiceSummary>> Of(this MoneyWorld world, OrderId order)
    {
        await world.JobsAreDone();
        // A receipt that came before its invoice is tried again two seconds later.
        await Eventually.True(async () => await world.Database.Count("foundation.jobs where kind like 'issue\\_%'") == 0, "Documents are still to be issued.");
        var all = await ListInvoices.All(world.Data(), new ListInvoices.Filter(), null, default);
        return [.. all.Invoices.Where(i => i.OrderId == order).OrderBy(i => i.IssuedAt).ThenBy(i => i.Kind)];
    }

    public static async Task<byte[]> File(this MoneyWorld world, InvoiceId id)
    {
        await world.JobsAreDone();
        return (await DownloadInvoice.Run(world.Data(1), MoneyWorld.Staff, id, default)).OrThrow().Pdf;
    }

    /// <summary>Pays by the link, as anybody who has it.</summary>
    public static async Task PaysBy(this MoneyWorld world, string link)
    {
        (await world.Visitor().Post($"/api/v1{link}/payments")).Must(201);
        var page = await world.Database.Value<string>("select gateway_ref from money.payments where state = 'requires_action' order by created_at desc, attempt desc limit 1");
        await world.Gateway.Pays(page);
        await world.EventuallyOr("The invoice was not paid.", async () => (await world.Visitor().Get($"/api/v1{link}")).Must().Word("state") == "paid");
        await world.JobsAreDone();
    }
}
