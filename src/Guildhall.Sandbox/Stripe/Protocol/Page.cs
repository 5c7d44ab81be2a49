namespace Guildhall.Sandbox.Stripe.Protocol;

/// <summary>A list answer: newest first, <c>limit</c> 1 to 100 (10 when not said),
/// <c>starting_after</c>, <c>created[gte]</c> and its kin.</summary>
internal sealed record Page(object[] Data, bool HasMore, string Url)
{
    public string Object { get; } = "list";

    public static Page Of<T>(
        Form form, string url, Func<string?, IEnumerable<T>> newestFirst, Func<T, long> created, Func<T, bool>? where = null)
        where T : class
    {
        var limit = Limit(form);
        var (from, to) = Between(form);
        var found = newestFirst(form.Text("starting_after"))
            .TakeWhile(item => created(item) >= from)
            .Where(item => created(item) <= to && (where is null || where(item)))
            .Take(limit + 1)
            .ToArray<object>();
        return new Page(found[..Math.Min(limit, found.Length)], found.Length > limit, url);
    }

    public static int Limit(Form form)
    {
        var limit = form.Integer("limit") ?? 10;
        return limit is >= 1 and <= 100 ? (int)limit : throw StripeRefusal.Invalid("limit is 1 to 100.", "limit");
    }

    private static (long From, long To) Between(Form form)
    {
        var exact = form.Integer("created");
        var from = exact ?? form.Integer("created[gte]") ?? form.Integer("created[gt]") + 1 ?? 0;
        var to = exact ?? form.Integer("created[lte]") ?? form.Integer("created[lt]") - 1 ?? long.MaxValue;
        return (from, to);
    }
}
