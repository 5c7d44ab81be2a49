using Guildhall.Foundation.Audit;

namespace Guildhall.Tests.Support;

/// <summary>Secrets of mails that no server has taken: still sealed in the database, opened here with the person's key.</summary>
public static class Sealed
{
    /// <summary>The secret behind # of the newest mail of this kind.</summary>
    public static async Task<string> SecretOf(this World world, Guid person, string template)
    {
        var secrets = await world.Database.Value<byte[]>("select secrets from messaging.deliveries where person_id = $1 and template = $2 order by id desc limit 1", person, template);
        var facts = await PersonKeys.Open(world.Data(), person, secrets, default);
        return facts!.Value.GetProperty("link").GetString()!.Split('#')[1];
    }

    /// <summary>How many messages of this kind the person was sent.</summary>
    public static Task<long> Told(this World world, Guid person, string template) => world.Database.Count("messaging.deliveries where person_id = $1 and template = $2", person, template);
}
