using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Packages;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Account;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Packages;

/// <summary>What customers do with packages by form, and what their providers offer.</summary>
internal static class PackageForms
{
    public static readonly string[] Fields = ["name", "nameAr", "sessions", "amount", "currency", "validDays", "unusedBackPercent", "active"];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/packages/{id}/buy", "BuyPackageForm", Buy).ForAnyone().Idempotent();
        app.MapPosted("/my/packages/{id}/pay", "PayPackageForm", Pay).RequiresSignIn().Idempotent();
        app.MapPosted("/my/packages/{id}/start-over", "StartOverPackageForm", StartOver).RequiresSignIn().Idempotent();
        app.MapPosted("/my/packages/{id}/give-up", "GiveUpPackageForm", GiveUp).RequiresSignIn().Idempotent();
        app.MapPosted("/my/packages/{id}/book/{service}", "BookSessionForm", Book).RequiresSignIn().Idempotent();
        app.MapPosted("/desk/packages/new", "AddPackageForm", Add).RequiresSignIn().ChecksSessionRow();
        app.MapPosted("/desk/packages/{id}", "ChangePackageForm", Change).RequiresSignIn().ChecksSessionRow();
    }

    private static async Task<IResult> Buy(Posted form)
    {
        var page = $"/packages/{form.Id<PackageId>()}";
        if (!form.Caller.IsSignedIn) return form.Done(SignInForms.Address(page));
        var bought = await BuyPackage.Run(form.Database, form.Caller, form.Id<PackageId>(), form.Stop);
        return bought.Is(out var sale, out var refusal) ? form.Done($"/my/packages/{sale.Id}") : refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }

    private static async Task<IResult> Pay(Posted form) =>
        (await ReadPackageSales.Run(form.Database, form.Caller, form.Id<PackageSaleId>(), form.Stop)).Is(out var sale, out var missing) ? await OrderForms.Pay(form, sale.OrderId, $"/my/packages/{sale.Id}") : missing.ToHttp();

    private static async Task<IResult> StartOver(Posted form) =>
        (await ReadPackageSales.Run(form.Database, form.Caller, form.Id<PackageSaleId>(), form.Stop)).Is(out var sale, out var missing) ? await OrderForms.StartOver(form, sale.OrderId, $"/my/packages/{sale.Id}") : missing.ToHttp();

    private static async Task<IResult> GiveUp(Posted form)
    {
        var page = $"/my/packages/{form.Id<PackageSaleId>()}";
        long? seen = long.TryParse(form["seenRefundMinor"], NumberStyles.None, CultureInfo.InvariantCulture, out var minor) ? minor : null;
        var done = await GiveUpPackage.Run(form.Database, form.Caller, form.Id<PackageSaleId>(), new GiveUpPackage.Body(seen), form.Stop);
        if (done.Is(out _, out var refusal)) return form.Done(page, form.T("Given up. What comes back is on its way.", "تم التخلي. ما يعود إليك في طريقه."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }

    private static async Task<IResult> Book(Posted form)
    {
        var (sale, service) = (form.Id<PackageSaleId>(), form.Id<ServiceId>("service"));
        var page = $"/my/packages/{sale}/book/{service}";
        if (form["start"].Length == 0) return form.Done(page, form.T("Choose a time first.", "اختر وقتًا أولًا."), Tone.Warn);
        var booked = await BookWithPackage.Run(form.Database, form.Caller, sale, new HoldSlot.Body(service, form["start"], form["note"]), form.Stop);
        return booked.Is(out var booking, out var refusal) ? form.Done($"/bookings/{booking.Id}") : refusal.Status == 404 ? refusal.ToHttp() : form.Sorry(page, refusal);
    }

    private static async Task<IResult> Add(Posted form)
    {
        const string page = "/desk/packages/new";
        if (!Read(form).Is(out var body, out var refusal)) return form.Refused(page, refusal, Fields);
        var added = await EditPackage.AddOwn(form.Database, form.Caller, body, form.Stop);
        return added.Is(out _, out refusal) ? form.Done("/desk/packages", form.T("Added. Customers can buy it now.", "أُضيفت ويمكن للعملاء شراؤها الآن.")) : form.Refused(page, refusal, Fields);
    }

    private static async Task<IResult> Change(Posted form)
    {
        var page = $"/desk/packages/{form.Id<PackageId>()}";
        if (!Read(form).Is(out var body, out var refusal)) return form.Refused(page, refusal, Fields);
        var changed = await EditPackage.Change(form.Database, form.Caller, form.Id<PackageId>(), body, form.Stop);
        if (changed.Is(out _, out refusal)) return form.Done(page, form.T("Saved. Packages that were sold stay as they were.", "حُفظت. تبقى الباقات المباعة كما كانت."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Refused(page, refusal, Fields);
    }

    /// <summary>What was typed, at the desk or in the console; services are those whose box is ticked.</summary>
    public static Result<EditPackage.Body> Read(Posted form)
    {
        if (!Currency.TryParse(form["currency"], out var currency)) return Wrong("currency", form.T("Write the code of a currency, such as KWD.", "اكتب رمز عملة، مثل KWD."));
        if (!Amount.TryParse(form["amount"], currency, CultureInfo.InvariantCulture, out var price)) return Wrong("price", form.T("Write the price in digits, such as 12.500.", "اكتب السعر بالأرقام، مثل 12.500."));
        var services = form.Ticked("service_").Select(text => Id.TryParse<ServiceId>(text, out var id) ? id : default).Where(id => id != default).ToArray();
        return new EditPackage.Body(form["name"], Number(form["sessions"]), price, Number(form["validDays"]), Number(form["unusedBackPercent"]), services, form["nameAr"], form["active"] == "true",
            form["revision"].Length > 0 ? Number(form["revision"]) : null);
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static Refusal Wrong(string name, string sentence) => FoundationRefusals.InvalidInput.With(("fields", new Dictionary<string, string>(StringComparer.Ordinal) { [name] = sentence }));
}
