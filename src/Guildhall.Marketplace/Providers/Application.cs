using Guildhall.Foundation.Data;

namespace Guildhall.Marketplace.Providers;

/// <summary>submitted → approved, rejected or withdrawn. Approved ones have a provider.</summary>
public enum ApplicationState { Submitted, Approved, Rejected, Withdrawn }

/// <summary>An application to become a provider, for its applicant and for staff.</summary>
/// <param name="Services">What will be offered; the first line becomes the headline of the profile.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Reason">Why it was rejected.</param>
public sealed record ApplicationView(ProviderApplicationId Id, Guid Account, string BusinessName, ProviderKind Kind, string Services, string Country, string? Phone, string About, ApplicationState State,
    DateTimeOffset SubmittedAt, DateTimeOffset? EndedAt, Guid? DecidedBy, string? Reason, ProviderId? Provider);

internal static class Applications
{
    public const string Select = """
        select p.id, p.account_id as account, p.business_name, p.kind, p.services, p.country, p.phone, p.about, p.state, p.submitted_at, p.ended_at, p.decided_by, p.reason, p.provider_id as provider
        from marketplace.provider_applications p
        """;

    public static Task<ApplicationView?> Lock(Transaction tx, ProviderApplicationId id) => tx.Find<ApplicationView>($"{Select} where p.id = @id for update of p", new { id });
}
