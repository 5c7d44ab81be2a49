using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity;
using Guildhall.Money;
using Guildhall.Money.Invoices;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Invoices;

/// <summary>Issuing, voiding and correcting. Amounts and percentages are read exactly or not at all.</summary>
internal static class InvoiceForm
{
    private const string NewPage = "/console/invoices/new";
    private static readonly string[] Fields = ["buyer", "provider", "currency", "lines", "due", "deducts", "name", "address", "taxid"];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapForm(NewPage, "IssueInvoiceForm", MoneyPermissions.InvoiceIssue, Issue).Idempotent();
        app.MapForm("/console/invoices/{id}/void", "VoidInvoiceForm", MoneyPermissions.InvoiceIssue, Void).Idempotent();
        app.MapForm("/console/invoices/{id}/correct", "CorrectInvoiceForm", MoneyPermissions.InvoiceIssue, Correct).Idempotent();
        app.MapGet("/console/invoices.csv", async (string? kind, string? state, string? number, Database database, CancellationToken stop) => Results.File(
                await ListInvoices.Csv(database, new ListInvoices.Filter { Kind = Given(kind), State = Given(state), Number = Given(number) }, stop), "text/csv; charset=utf-8", "invoices.csv"))
            .Requires(MoneyPermissions.InvoiceView).UnderQuota(Quotas.Exports).WithName("InvoicesCsv").ExcludeFromDescription();
    }

    private static async Task<IResult> Issue(PostedForm form)
    {
        if (!Id.TryParse<AccountId>(form["buyer"], out var buyer)) return No(form, "buyer", "This is not the id of an account; it begins with acc_.");
        if (!Id.TryParse<AccountId>(form["provider"], out var provider)) return No(form, "provider", "This is not the id of an account; it begins with acc_.");
        if (!Currency.TryParse(form["currency"], out var currency) || Read(form["lines"], currency) is not { } lines) return No(form, "lines", "Each line reads: text | amount | tax in percent.");
        if (!DateOnly.TryParseExact(form["due"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var due) || due.Year > 2200) return No(form, "due", "A day is expected.");
        InvoiceId? deducts = form["deducts"].Length == 0 ? null : Id.TryParse<InvoiceId>(form["deducts"], out var deposit) ? deposit : default(InvoiceId);
        var issued = await IssueInvoice.Run(form.Database, form.Get<MasterKey>(), form.Caller, new IssueInvoice.Body(buyer, provider, lines,
            new DateTimeOffset(due.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), form["deposit"].Length > 0, deducts, BuyerOf(form)), form.Stop);
        return issued.Is(out var view, out var refusal)
            ? form.Done($"/console/invoices/{view.Document.Id}", $"{view.Document.Number} is issued over {view.Document.Total.Words()} and on its way to the buyer.")
            : form.Refused(NewPage, refusal, "", Fields);
    }

    private static async Task<IResult> Void(PostedForm form)
    {
        var id = form.Id<InvoiceId>();
        var done = await VoidInvoice.Run(form.Database, form.Get<MasterKey>(), form.Caller, id, form["reason"], form.Stop);
        return done.Is(out _, out var refusal)
            ? form.Done($"/console/invoices/{id}", "Void. The credit note is issued and the link no longer pays.")
            : form.Refused($"/console/invoices/{id}", refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "reason" : "", "reason");
    }

    private static async Task<IResult> Correct(PostedForm form)
    {
        var id = form.Id<InvoiceId>();
        var page = $"/console/invoices/{id}";
        if (!(await ReadInvoice.Run(form.Database, form.Get<MasterKey>(), form.Caller, id, form.Stop)).Is(out var wrong, out var missing)) return form.Refused(page, missing);
        if (Read(form["lines"], wrong.Document.Total.Currency) is not { } lines)
            return form.Refused(page, MoneyRefusals.InvoiceInvalid.Saying("Each line reads: text | amount | tax in percent."), "lines", "why", "name", "address", "taxid", "lines");
        var done = await CorrectInvoice.Run(form.Database, form.Get<MasterKey>(), form.Caller, id, new CorrectInvoice.Body(form["why"], lines, BuyerOf(form)), form.Stop);
        return done.Is(out var view, out var refusal)
            ? form.Done($"/console/invoices/{view.Document.Id}", $"{view.Document.Number} replaces {wrong.Document.Number}.")
            : form.Refused(page, refusal, refusal.Code == MoneyRefusals.ReasonMissing.Code ? "why" : "", "why", "name", "address", "taxid", "lines");
    }

    /// <summary>Lines as the form shows them.</summary>
    public static string Write(IReadOnlyList<InvoiceLine> lines) =>
        string.Join('\n', lines.Select(l => $"{l.Text.Replace('|', '/')} | {l.Amount.Text} | {new Amount(l.TaxBasisPoints, Currency.Of("USD")).Text}"));

    private static List<IssueInvoice.Line>? Read(string text, Currency currency)
    {
        var lines = new List<IssueInvoice.Line>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split('|', StringSplitOptions.TrimEntries);
            if (parts.Length is < 2 or > 3 || !Amount.TryParse(parts[1], currency, CultureInfo.InvariantCulture, out var amount)) return null;
            var tax = default(Amount);
            if (parts.Length == 3 && !Amount.TryParse(parts[2], Currency.Of("USD"), CultureInfo.InvariantCulture, out tax) || tax.Minor is < 0 or > 10_000) return null; // hundredths of a percent
            lines.Add(new IssueInvoice.Line(parts[0], amount, (int)tax.Minor));
        }
        return lines.Count == 0 ? null : lines;
    }

    private static Buyer? BuyerOf(PostedForm form) => form["name"].Length == 0 ? null : new Buyer(form["name"], Given(form["address"]), Given(form["taxid"]));

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static IResult No(PostedForm form, string field, string sentence) => form.Refused(NewPage, MoneyRefusals.InvoiceInvalid.Saying(sentence), field, Fields);
}
