using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Email;
using Guildhall.Messaging.Push;
using Guildhall.Messaging.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Preferences;

/// <summary>A person says what they want to be told and how, and when they want quiet. All of it at once: what is not named is as for who has decided nothing. Messages that are queued
/// ask again before they go; what waited for quiet hours that are now others is looked at at once.</summary>
public static class ChangePreferences
{
    private const int Most = 100, MostWoken = 200;

    public sealed record Wish(MessageCategory Category, MessageChannel Channel, bool On);

    /// <param name="From">The first quiet minute on the person's own clock: <c>22:00</c>.</param>
    /// <param name="Until">The first minute that is not quiet; earlier than <c>from</c>: the next morning.</param>
    public sealed record Hours(string From, string Until);

    /// <param name="QuietHours">Null: none.</param>
    public sealed record Body(IReadOnlyList<Wish> Preferences, Hours? QuietHours = null);

    private sealed record Woken(DeliveryId Id, MessageChannel Channel);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/me/notification-preferences", async (Body body, Caller caller, Database database, CancellationToken stop) => (await database.InTransaction(tx => Run(tx, caller, body), stop)).ToHttp())
        .WithName(nameof(ChangePreferences)).RequiresSignIn().Produces(204);

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, Body body)
    {
        if (caller.AccountId is not { } person) return FoundationRefusals.SignInFirst;
        var wishes = body.Preferences;
        if (wishes.Count > Most || wishes.DistinctBy(w => (w.Category, w.Channel)).Count() < wishes.Count) return MessagingRefusals.PreferencesInvalid;
        if (wishes.Any(w => !w.On && Categories.Of(w.Category).Locked.Contains(w.Channel))) return MessagingRefusals.PreferenceMandatory;
        var quiet = (QuietHours?)null;
        if (body.QuietHours is { } hours && (quiet = Read(hours)) is null) return MessagingRefusals.QuietHoursInvalid;

        var own = wishes.Where(w => w.On != Categories.Of(w.Category).Default(w.Channel)).OrderBy(w => w.Category).ThenBy(w => w.Channel).ToArray();
        var args = new { person, categories = own.Select(w => Names.Of(w.Category)).ToArray(), channels = own.Select(w => Names.Of(w.Channel)).ToArray(), wanted = own.Select(w => w.On).ToArray(), now = tx.Now };
        await tx.Change(ForgetSql, args);
        await tx.Change(PutSql, args);
        if (quiet is null) await tx.Change("delete from messaging.quiet_hours where person_id = @person", new { person });
        else await tx.Change(PutQuietSql, new { person, from = QuietHours.Minutes(quiet.From), until = QuietHours.Minutes(quiet.Until), now = tx.Now });
        await Wake(tx, person);
        await tx.Audit(caller, "notification_preferences.changed", "account", new PersonId(person).ToString(), after: new { preferences = own.Select(w => new { w.Category, w.Channel, w.On }), body.QuietHours });
        return new Done();
    }

    private static QuietHours? Read(Hours hours) =>
        TimeOnly.TryParseExact(hours.From, ReadPreferences.Clock, CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)
        && TimeOnly.TryParseExact(hours.Until, ReadPreferences.Clock, CultureInfo.InvariantCulture, DateTimeStyles.None, out var until) && from != until ? new QuietHours(from, until) : null;

    // The job that waits finds its message sent later on.
    private static async Task Wake(Transaction tx, Guid person)
    {
        foreach (var woken in await tx.List<Woken>(WaitingSql, new { person, reason = DeliveryReasons.QuietHours, limit = MostWoken }))
        {
            await (woken.Channel switch
            {
                MessageChannel.Push => tx.Enqueue(new SendPush(woken.Id)),
                MessageChannel.Sms => tx.Enqueue(new SendText(woken.Id)),
                _ => tx.Enqueue(new SendMail(woken.Id)),
            });
        }
    }

    private const string ForgetSql = """
        delete from messaging.preferences where person_id = @person and (category, channel) not in (select c, h from unnest(@categories, @channels) as own (c, h))
        """;

    private const string PutSql = """
        insert into messaging.preferences as p (person_id, category, channel, wanted, changed_at)
        select @person, c, h, w, @now from unnest(@categories, @channels, @wanted) as own (c, h, w)
        on conflict (person_id, category, channel) do update set wanted = excluded.wanted, changed_at = excluded.changed_at where p.wanted <> excluded.wanted
        """;

    private const string PutQuietSql = """
        insert into messaging.quiet_hours (person_id, starts, ends, changed_at) values (@person, @from, @until, @now)
        on conflict (person_id) do update set starts = excluded.starts, ends = excluded.ends, changed_at = excluded.changed_at
        """;

    private const string WaitingSql = "select id, channel from messaging.deliveries where person_id = @person and state = 'queued' and reason = @reason limit @limit";
}
