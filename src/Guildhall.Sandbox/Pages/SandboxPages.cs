namespace Guildhall.Sandbox.Pages;

internal static class SandboxPages
{
    private static readonly byte[] Styles = Read("sandbox.css");

    public static void Map(IEndpointRouteBuilder routes)
    {
        OverviewPage.Map(routes);
        PayPage.Map(routes);
        AuthenticatePage.Map(routes);
        MailboxPage.Map(routes);
        PhonePage.Map(routes);
        PushPage.Map(routes);
        StripePage.Map(routes);
        MpesaPage.Map(routes);
        PayPalPayoutsPage.Map(routes);
        PaytmPage.Map(routes);
        routes.MapGet("/sandbox.css", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-cache";
            return Results.Bytes(Styles, "text/css; charset=utf-8");
        });
    }

    private static byte[] Read(string name)
    {
        using var source = typeof(SandboxPages).Assembly.GetManifestResourceStream(name)!;
        using var copy = new MemoryStream();
        source.CopyTo(copy);
        return copy.ToArray();
    }
}
