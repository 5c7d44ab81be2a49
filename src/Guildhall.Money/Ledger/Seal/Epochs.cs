using Npgsql;

namespace Guildhall.Money.Ledger.Seal;

/// <summary>A restored copy runs on a server whose transaction ids may be lower than those in its journals. It begins an epoch of its own, so that
/// what it posts comes after all it has, and what the original sealed later is told apart from it.</summary>
public static class Epochs
{
    /// <summary>Begins the next epoch as the database's owner; answers its number.</summary>
    public static async Task<int> Begin(string owner, string why)
    {
        await using var source = NpgsqlDataSource.Create(owner);
        await using var command = source.CreateCommand("select money.begin_epoch($1)");
        command.Parameters.Add(new NpgsqlParameter { Value = why });
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
