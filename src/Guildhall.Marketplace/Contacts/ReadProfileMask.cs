using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Contacts;

/// <summary>What customers do not see of one's own profile and services, or of an application that waits.</summary>
public static class ReadProfileMask
{
    /// <param name="Hidden">Null when everything is shown as written.</param>
    /// <param name="MayAppeal">There is a profile, and its appeal was not made yet.</param>
    public sealed record View(HiddenText? Hidden, bool MayAppeal);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/provider-applications/mask", async (Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, stop)).ToHttp())
        .WithName(nameof(ReadProfileMask)).RequiresSignIn().Produces<View>();

    public static async Task<Result<View>> Run(Database database, Caller caller, CancellationToken stop)
    {
        var provider = await ProviderRows.OfCaller(database, caller, stop);
        if (provider is { AsWritten: true } || caller.AccountId is not { } account) return new View(null, false);
        var texts = await Texts(database, provider?.Id, account, stop);
        var found = texts.SelectMany(text => ContactDetails.Find(text).Select(d => (d.Kind, Part: d.In(text)))).ToArray();
        if (found.Length == 0) return new View(null, false);
        var appeal = provider is null ? null : (await MaskAppealRows.Of(database, [provider.Id.Value], stop)).GetValueOrDefault((MaskedText.Profile, provider.Id.Value));
        return new View(new HiddenText(MaskedText.Profile, [.. found.Select(f => f.Kind).Distinct()], [.. found.Select(f => f.Part).Distinct(StringComparer.Ordinal)], appeal?.State, appeal?.DecidedWhy),
            MayAppeal: provider is not null && appeal is null);
    }

    /// <summary>Public texts of a provider, or those that an application asks to become public.</summary>
    internal static async Task<IReadOnlyList<string>> Texts(Database database, ProviderId? provider, Guid account, CancellationToken stop) =>
        provider is null ? await database.List<string>(OfApplication, new { account }, stop) : await database.List<string>(OfProvider, new { provider }, stop);

    private const string OfProvider = """
        select p.headline || chr(10) || p.bio as text from marketplace.providers p where p.id = @provider
        union all select s.description from marketplace.services s where s.provider_id = @provider and s.active limit 101
        """;

    private const string OfApplication = """
        select a.services || chr(10) || a.about as text from marketplace.provider_applications a where a.account_id = @account and a.state = 'submitted' limit 1
        """;
}
