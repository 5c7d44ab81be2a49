namespace Guildhall.Marketplace.Catalog;

/// <summary>A service that fits a search, with what its free times depend on; the key is its place in the order asked for.</summary>
internal sealed record SearchRow(ServiceId Id, ProviderId ProviderId, string Zone, int Minutes, int BufferMinutes, int NoticeMinutes, int HorizonDays, int? Metres, long Key, Guid[] Resources)
{
    public Guid[] Claimed => [ProviderId.Value, .. Resources];
}

internal static class SearchSql
{
    // The great circle by the haversine, on a sphere of the earth's mean radius; first within the degrees, which the index knows.
    public const string Select = $"""
        with fits as (
            select s.id, s.provider_id, p.zone, s.minutes, s.buffer_minutes, s.notice_minutes, s.horizon_days, s.price_minor,
                case when @lat is null or p.latitude is null then null else (2 * 6371008.8 * asin(least(1, sqrt(
                    power(sin(radians(p.latitude - @lat) / 2), 2) + cos(radians(@lat)) * cos(radians(p.latitude)) * power(sin(radians(p.longitude - @lon) / 2), 2)))))::int end as metres
            from marketplace.services s join marketplace.providers p on p.id = s.provider_id
            where s.active and p.state = 'active' and (@kind is null or s.kind = @kind) and (@category is null or s.category_id = @category)
                and (@currency is null or s.currency = @currency) and (@min is null or s.price_minor >= @min) and (@max is null or s.price_minor <= @max)
                and (@degrees is null or p.latitude between @lat - @degrees and @lat + @degrees) and {ServiceRows.HasWords}),
        keyed as (
            select f.id, f.provider_id, f.zone, f.minutes, f.buffer_minutes, f.notice_minutes, f.horizon_days, f.metres,
                (case @order when 'price' then f.price_minor when 'distance' then coalesce(f.metres, 2147483647)
                    when 'rating' then (select 500000 - (1000 * (35 * 5 + 10 * coalesce(sum(r.rating), 0)) * 10) / (5 + count(*)) from marketplace.reviews r
                        where r.provider_id = f.provider_id and r.author = 'customer' and r.published_at is not null and r.hidden_rule is distinct from 'not_genuine') else 0 end)::bigint as key
            from fits f where @metres is null or f.metres <= @metres)
        select k.id, k.provider_id, k.zone, k.minutes, k.buffer_minutes, k.notice_minutes, k.horizon_days, k.metres, k.key,
            array(select n.resource_id from marketplace.service_resources n where n.service_id = k.id) as resources
        from keyed k
        where @afterId is null or (k.key, k.id) > (@afterKey, @afterId) order by k.key, k.id limit @limit
        """;
}
