using Guildhall.Foundation.Data;
using Guildhall.Foundation.Facts;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guildhall.Identity.Sessions;

/// <summary>An account's sessions, roles, state or profile changed in this transaction. After the commit every node reads them anew.</summary>
public sealed record AccountChanged(Guid Account) : IFact;

/// <summary>How a change to an account reaches every node.</summary>
internal static class Revocation
{
    private const string Topic = "account", TopicOfAll = "everybody";

    /// <summary>Stands for every account: what a role may do has changed.</summary>
    public static readonly Guid Everybody = Guid.Empty;

    /// <summary>After the commit of a revoking call, before its answer: returns when no node trusts an older read any more.</summary>
    public static async Task ReachEveryNode(this IdentityParts identity, Guid account)
    {
        identity.Sessions.Drop(account);
        try { await identity.Channel.Broadcast(Topic, account.ToString("n")); }
        catch (NpgsqlException) { await Task.Delay(SessionLimits.Trusted); } // nobody was told: wait until nobody trusts
    }

    /// <summary>The same for the sessions of everybody.</summary>
    public static async Task ReachEveryNodeForEverybody(this IdentityParts identity)
    {
        identity.Sessions.DropAll();
        try { await identity.Channel.Broadcast(TopicOfAll, ""); }
        catch (NpgsqlException) { await Task.Delay(SessionLimits.Trusted); }
    }

    /// <summary>Whoever changed the account, also another module's transaction: this node at once, the others right after.</summary>
    public static Reaction Reaction(IServiceProvider services) => new(typeof(AccountChanged), async (Transaction tx, AccountChanged fact) =>
    {
        await SilencePush.Run(tx, fact.Account);
        tx.AfterCommit(() =>
        {
            services.GetRequiredService<CheckSession>().Drop(fact.Account);
            _ = services.GetRequiredService<NodeChannel>().Hint(Topic, fact.Account.ToString("n"));
        });
    });

    public static void Listen(NodeChannel channel, CheckSession sessions)
    {
        channel.On(Topic, account =>
        {
            sessions.Drop(Guid.ParseExact(account, "n"));
            return Task.CompletedTask;
        });
        channel.On(TopicOfAll, _ =>
        {
            sessions.DropAll();
            return Task.CompletedTask;
        });
    }
}
