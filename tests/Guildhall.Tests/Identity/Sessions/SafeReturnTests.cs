using Guildhall.Identity.Sessions;

namespace Guildhall.Tests.Identity.Sessions;

public sealed class SafeReturnTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/bookings/bkg_1?tab=chat#last")]
    [InlineData("/search?q=a%20b")]
    [InlineData("/search?q=%D8%AA%D8%AF%D9%84%D9%8A%D9%83")]
    public void A_path_of_ours_is_kept(string path) => SafeReturn.To(path).ShouldBe(path);

    [Theory]
    [Covers("identity-39")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("//evil.test")]
    [InlineData("/\\evil.test")]
    [InlineData("/%2fevil.test")]
    [InlineData("/%5cevil.test")]
    [InlineData("/%252fevil.test")]
    [InlineData("https:evil.test")]
    [InlineData("https://evil.test")]
    [InlineData("javascript:alert(1)")]
    [InlineData("evil.test")]
    [InlineData("/é")]
    [InlineData("/\u3031evil")]
    [InlineData("/\u0085")]
    [InlineData("/a b")]
    [InlineData("/\t/evil.test")]
    [InlineData("/%09/evil.test")]
    [InlineData("/path\r\nSet-Cookie: a=b")]
    public void Anything_else_leads_home(string? path) => SafeReturn.To(path).ShouldBe("/");
}
