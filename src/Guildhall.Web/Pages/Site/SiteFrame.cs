using Guildhall.Content.Site;
using Guildhall.Foundation.Data;
using Guildhall.Web.Components;
using Npgsql;

namespace Guildhall.Web.Pages.Site;

/// <summary>The site's own words and menus for one request: asked once, whoever of the page wants them. Says nothing when the database cannot be asked.</summary>
public sealed class SiteFrame(Database database, Reader reader, IHttpContextAccessor accessor)
{
    private Task<ReadSite.View>? _asked;

    /// <summary>In the reader's language.</summary>
    public Task<ReadSite.View> Read() => _asked ??= Ask();

    private async Task<ReadSite.View> Ask()
    {
        // A page that says what is wrong waits for nothing.
        if (accessor.HttpContext is not { Response.StatusCode: < 500 } http) return ReadSite.Silent;
        try { return (await ReadSite.Run(database, reader.Language, http.RequestAborted)).Value ?? ReadSite.Silent; }
        catch (NpgsqlException) { return ReadSite.Silent; }
    }
}
