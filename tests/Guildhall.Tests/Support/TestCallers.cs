using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Support;

/// <summary>Lets tests of Foundation act as somebody without accounts: the header X-Test-Caller names the person. Only in worlds that add it.</summary>
internal sealed class TestCallers : IStartupFilter
{
    public const string Header = "X-Test-Caller";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, rest) =>
        {
            if (Guid.TryParse(http.Request.Headers[Header], out var account)) http.SetCaller(Of(account, http));
            return rest(http);
        });
        next(app);
    };

    private static Caller Of(Guid account, HttpContext http) => new()
    {
        Kind = CallerKind.Person, AccountId = account, SessionId = account, Address = http.Connection.RemoteIpAddress, RequestId = http.TraceIdentifier,
    };
}
