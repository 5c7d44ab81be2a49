namespace Guildhall.Tests.Foundation;

public sealed class PreparedStatementsTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    public async Task A_statement_that_fails_while_it_is_being_prepared_answers_rightly_the_next_time()
    {
        // Some of the failures hit the use at which the driver prepares the statement.
        var random = new Random(7);
        for (var statement = 0; statement < 20; statement++)
            for (var use = 0; use < 15; use++)
            {
                var (sql, by) = ($"select 100 / @by + {statement}", random.Next(3) == 0 ? 0 : 2);
                if (by > 0) (await world.Data().Find<int>(sql, new { by })).ShouldBe(50 + statement);
                else (await Should.ThrowAsync<Npgsql.PostgresException>(() => world.Data().Find<int>(sql, new { by }))).SqlState.ShouldBe("22012");
            }
    }
}
