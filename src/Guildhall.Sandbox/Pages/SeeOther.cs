namespace Guildhall.Sandbox.Pages;

internal sealed class SeeOther(string address) : IResult
{
    public static IResult To(string address) => new SeeOther(address);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = address;
        return Task.CompletedTask;
    }
}
