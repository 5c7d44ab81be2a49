namespace Guildhall.Tests.Support;

/// <summary>How long ago people proved who they are.</summary>
public static class Proven
{
    /// <summary>Longer ago than a sensitive act allows; the access token is still good.</summary>
    public static Task ProvedLongAgo(this Person person) => person.Home.Database.Execute("update identity.sessions set proven_at = proven_at - interval '11 minutes' where account_id = $1", person.Id);
}
