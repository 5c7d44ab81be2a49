using System.Globalization;
using System.Text.RegularExpressions;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Contacts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Providers;

/// <summary>A customer asks to become a provider. One open application each; staff decide.</summary>
public static partial class ApplyAsProvider
{
    /// <param name="BusinessName">1 to 100 characters; the name of the profile.</param>
    /// <param name="Services">What will be offered, 1 to 1000 characters.</param>
    /// <param name="Country">ISO 3166-1 alpha-2, such as KW.</param>
    /// <param name="Phone">International form, such as +96512345678.</param>
    /// <param name="About">1 to 4000 characters; the text of the profile.</param>
    public sealed record Body(string BusinessName, ProviderKind Kind, string Services, string Country, string About, string? Phone = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/provider-applications", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(ApplyAsProvider)).RequiresSignIn().ChecksSessionRow().Limited(RateClass.Auth).Produces<ApplicationView>(201);

    public static async Task<Result<ApplicationView>> Run(Database database, Caller caller, Body body, CancellationToken stop)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        var clean = body with
        {
            BusinessName = body.BusinessName.Trim(), Services = body.Services.Trim().ReplaceLineEndings("\n"), About = body.About.Trim().ReplaceLineEndings("\n"),
            Country = body.Country.Trim().ToUpperInvariant(), Phone = string.IsNullOrWhiteSpace(body.Phone) ? null : body.Phone.Replace(" ", "", StringComparison.Ordinal),
        };
        if (Objections(clean) is { Count: > 0 } fields) return FoundationRefusals.InvalidInput.With(("fields", fields));
        return await database.InTransaction(tx => Write(tx, caller, account, clean), stop);
    }

    private static async Task<Result<ApplicationView>> Write(Transaction tx, Caller caller, Guid account, Body body)
    {
        if (await ProviderRows.OfCaller(tx, caller) is not null) return MarketplaceRefusals.AlreadyAProvider;
        var id = tx.NewId<ProviderApplicationId>();
        if (await tx.ChangeNow(Add, new { id, account, body.BusinessName, body.Kind, body.Services, body.Country, body.Phone, body.About, now = tx.Now }) == 0) return MarketplaceRefusals.ApplicationOpen;
        await tx.Audit(caller, "provider_application.submitted", "provider_application", id.ToString(), after: new { body.Kind, body.Country },
            personal: (account, new { body.BusinessName, body.Phone }));
        return new ApplicationView(id, account, body.BusinessName, body.Kind, body.Services, body.Country, body.Phone, body.About, ApplicationState.Submitted, tx.Now, null, null, null, null);
    }

    private static Dictionary<string, string> Objections(Body body)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (body.BusinessName.Length is 0 or > 100 || !IsPlain(body.BusinessName, lines: false) || body.BusinessName.AsSpan().ContainsAny("<>/\\@\"{}") || ContactDetails.Find(body.BusinessName).Count > 0)
            fields["businessName"] = "A name has 1 to 100 characters, no addresses and no markup.";
        if (body.Services.Length is 0 or > 1000 || !IsPlain(body.Services, lines: true)) fields["services"] = "Say what you offer, in 1 to 1000 characters.";
        if (body.About.Length is 0 or > 4000 || !IsPlain(body.About, lines: true)) fields["about"] = "Tell customers about you, in 1 to 4000 characters.";
        if (!IsCountry(body.Country)) fields["country"] = "The country has two letters, such as KW.";
        if (body.Phone is { } phone && !International().IsMatch(phone)) fields["phone"] = "A phone number in international form, such as +96512345678.";
        return fields;
    }

    private static bool IsPlain(string text, bool lines) => text.EnumerateRunes().All(r => lines && r.Value == '\n' || System.Text.Rune.GetUnicodeCategory(r) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate));

    private static bool IsCountry(string code) => code.Length == 2 && code.All(char.IsAsciiLetterUpper);

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}$", RegexOptions.NonBacktracking)]
    private static partial Regex International();

    private const string Add = """
        insert into marketplace.provider_applications (id, account_id, business_name, kind, services, country, phone, about, submitted_at)
        values (@id, @account, @BusinessName, @Kind, @Services, @Country, @Phone, @About, @now)
        on conflict (account_id) where state = 'submitted' do nothing
        """;
}
