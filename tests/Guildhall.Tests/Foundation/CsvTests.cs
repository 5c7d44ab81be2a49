using Guildhall.Tests.Architecture;

namespace Guildhall.Tests.Foundation;

public sealed class CsvTests
{
    [Theory]
    [Covers("asvs-1.2.10", "money-100")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1+1", "'+1+1")]
    [InlineData("-1+1", "'-1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\0=1", "'\uFFFD=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("=cmd|'/c calc'!A0", "'=cmd|'/c calc'!A0")]
    [InlineData("=HYPERLINK(\"http://evil.test\",\"a\")", "\"'=HYPERLINK(\"\"http://evil.test\"\",\"\"a\"\")\"")]
    [InlineData("-12.500", "-12.500")]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("\u001b[31mred", "\uFFFD[31mred")]
    public void Asvs_1_2_10_A_cell_is_text_whatever_it_begins_with(string text, string cell) => new Csv().Row(text).ToString().ShouldBe(cell + "\r\n");

    [Fact]
    [Covers("asvs-1.2.10")]
    public void Asvs_1_2_10_There_is_one_writer_of_tables() => Guard.Holds(
        from file in Tree.Files("src", ".cs")
        where file.Path is not "src/Guildhall.Foundation/Csv.cs" && file.Text.Contains("text/csv", StringComparison.Ordinal) && !file.Text.Contains("Csv", StringComparison.Ordinal)
        select new Violation(file.Path, "writes a table past Csv"));
}
