using Guildhall.Foundation.Data;
using Guildhall.Messaging.Push;

namespace Guildhall.Identity.Sessions;

/// <summary>A session that was ended takes the push token of its device with it, in the transaction that ends it. One that runs out by itself is found at the next message.</summary>
internal static class SilencePush
{
    public static async Task Run(Transaction tx, Guid account)
    {
        var sessions = await PushDevices.SessionsOf(tx, account);
        if (sessions.Count == 0) return;
        await PushDevices.Forget(tx, sessions.Except(await tx.List<Guid>(Living, new { sessions = sessions.ToArray() })));
    }

    private const string Living = $"""
        select s.id from identity.sessions s join identity.accounts a on a.id = s.account_id where s.id = any(@sessions) and {SessionSql.Current} and a.state = 'active'
        """;
}
