namespace Guildhall.Tests.Architecture;

/// <summary>SQL names only its own module's schema, is qualified, lower case, lists its columns and takes its time as an argument.</summary>
public sealed class SqlOwnershipTests
{
    // The table of applied migrations is made before there is any business time; the probe compares two clocks.
    private static readonly string[] MayAskTheClock = ["src/Guildhall.Foundation/Data/Migrator.cs", "src/Guildhall.Foundation/Data/DatabaseProbe.cs"];

    [Fact]
    public void Every_statement_in_the_product_keeps_the_rules() => Guard.Holds(Tree.Files("src", ".cs", ".razor").SelectMany(SqlScan.Check)
        .Where(v => !(v.What.Contains("clock_timestamp", StringComparison.Ordinal) && MayAskTheClock.Any(f => v.Where.StartsWith(f, StringComparison.Ordinal)))));

    [Theory]
    [InlineData("select id from marketplace.bookings", "marketplace is another module's schema")]
    [InlineData("select o.id from money.orders o join identity.accounts a on a.id = o.customer", "identity is another module's schema")]
    [InlineData("select id from payments where id = @id", "payments has no schema")]
    [InlineData("update payments set state = 'captured' where id = @id", "payments has no schema")]
    [InlineData("insert into payments (id) values (@id)", "payments has no schema")]
    [InlineData("with due as (select id from money.orders) delete from payments using due where payments.id = due.id", "payments has no schema")]
    [InlineData("select * from money.orders", "select * names no columns")]
    [InlineData("update money.orders set state = 'paid' where id = @id returning *", "select * names no columns")]
    [InlineData("SELECT id FROM money.orders", "SELECT is not lower case")]
    [InlineData("select id from money.orders where expires_at < now()", "now( is not business time")]
    [InlineData("select id from money.orders where expires_at < current_timestamp", "current_timestamp is not business time")]
    public void A_statement_that_breaks_a_rule_is_reported(string sql, string what)
    {
        var quotes = "\"\"\"";
        Guard.Reports(SqlScan.Check(new SourceFile("src/Guildhall.Money/Orders/Planted.cs", $"class Planted {{ const string Sql = {quotes}\n    {sql}\n    {quotes}; }}")), what);
    }

    [Theory]
    [InlineData("with due as (select id from money.orders order by id limit 5 for update skip locked) update money.orders o set state = 'x' from due where o.id = due.id")]
    [InlineData("insert into money.orders (id) values (@id) on conflict (id) do update set state = excluded.state where orders.state is distinct from excluded.state")]
    [InlineData("select extract(epoch from at), x.n from money.journal, unnest(@ids) with ordinality as x(id, n)")]
    [InlineData("select id from money.orders where note = 'paid from marketplace.bookings, now()'")]
    public void A_statement_that_keeps_them_is_not(string sql) =>
        SqlScan.Check(new SourceFile("src/Guildhall.Money/Orders/Planted.cs", $"class Planted {{ const string Sql = \"{sql}\"; }}")).ShouldBeEmpty();

    [Fact]
    public void Sql_in_a_page_is_reported() => Guard.Reports(
        SqlScan.Check(new SourceFile("src/Guildhall.Web/Pages/Planted.cs", "class P { string s = \"select id from money.orders\"; }")), "SQL belongs to a module");

    [Fact]
    public void Strings_inside_holes_and_comments_are_read_as_what_they_are()
    {
        var text = CSharpText.Read(""""
            var a = $"x {Join(",", "select id from t")} y"; // "no" string
            /* "nor" this */ var b = """select "b" from t"""; var c = @"say ""c"""; var d = '"';
            """");
        text.Literals.Select(l => l.Text).ShouldBe(["x {} y", ",", "select id from t", "select \"b\" from t", "say \"c\""]);
        text.Code.ShouldNotContain("no");
    }
}
