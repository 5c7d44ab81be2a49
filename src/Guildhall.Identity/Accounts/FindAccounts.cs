using Guildhall.Foundation;

namespace Guildhall.Identity.Accounts;

/// <summary>People for the search of the staff: by the beginning of the address or name, by the whole verified number of a telephone, by id.</summary>
internal static class FindAccounts
{
    private sealed record Row(AccountId Id, string Email, string DisplayName, string State);

    public static SearchPart Part { get; } = new("people", IdentityPermissions.AccountView, async (database, text, stop) =>
        [.. (await database.List<Row>(Read, new { id = SearchPart.IdIn<AccountId>(text), begins = SearchPart.Begins(text.ToLowerInvariant()), phone = text.Replace(" ", "", StringComparison.Ordinal), limit = SearchPart.Most + 1 }, stop))
            .Select(r => new SearchHit(r.Id.ToString(), r.DisplayName, r.Email, r.State, $"/console/people/{r.Id}"))]);

    // One index each: an "or" over them would read the table. In the order of the index the limit ends the reading, however many begin so.
    private const string Read = """
        with found as (
            (select id from identity.accounts where email_key like @begins order by email_key using ~<~ limit @limit)
            union (select id from identity.accounts where lower(display_name) like @begins order by lower(display_name) using ~<~ limit @limit)
            union (select id from identity.accounts where phone = @phone and phone_verified_at is not null)
            union (select id from identity.accounts where id = @id))
        select a.id, a.email, a.display_name, a.state from found f join identity.accounts a on a.id = f.id order by a.id desc limit @limit
        """;
}
