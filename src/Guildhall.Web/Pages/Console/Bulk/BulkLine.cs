using Guildhall.Foundation.Data;

namespace Guildhall.Web.Pages.Console.Bulk;

/// <summary>One row of a bulk act on a page.</summary>
/// <param name="Called">What people know it by.</param>
/// <param name="Page">Where it is shown; null when it has no page.</param>
public sealed record BulkLine(BulkRow Row, string Called, string? Page);
