using System.Globalization;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Messaging.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Preferences;

/// <summary>What a person is told and how, and their quiet hours.</summary>
public static class ReadPreferences
{
    internal const string Clock = "HH:mm";

    /// <param name="CanChange">False: it is on, whatever anybody wishes.</param>
    public sealed record Choice(MessageChannel Channel, bool On, bool CanChange);

    /// <param name="Mandatory">It cannot be switched off in the inbox and by e-mail.</param>
    /// <param name="Why">Why something of it cannot be switched off; null when everything can.</param>
    /// <param name="Channels">Text messages are among them when there is a number.</param>
    public sealed record Kind(MessageCategory Category, bool Mandatory, string? Why, IReadOnlyList<Choice> Channels);

    /// <param name="From">The first quiet minute on the person's clock, such as <c>22:00</c>.</param>
    /// <param name="Zone">The person's time zone.</param>
    /// <param name="QuietUntil">When the quiet ends that there is now; null when there is none.</param>
    public sealed record Quiet(string From, string Until, string Zone, DateTimeOffset? QuietUntil);

    /// <param name="QuietHours">Null: nothing waits.</param>
    /// <param name="Number">The end of the number that text messages go to; null: there is none.</param>
    public sealed record View(IReadOnlyList<Kind> Categories, Quiet? QuietHours, string? Number);

    private sealed record Wish(MessageCategory Category, MessageChannel Channel, bool Wanted);
    private sealed record Reader(string? Zone, string? Phone, int? Starts, int? Ends);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/me/notification-preferences", async (Caller caller, Database database, CancellationToken stop) => Results.Json(await Run(database, caller, stop), JsonRules.Options))
        .WithName(nameof(ReadPreferences)).RequiresSignIn().Produces<View>();

    /// <summary>The caller's own. What waits for staff is among the kinds for staff only.</summary>
    public static async Task<View> Run(Database database, Caller caller, CancellationToken stop)
    {
        var args = new { person = caller.AccountId };
        var wishes = await database.List<Wish>("select category, channel, wanted from messaging.preferences where person_id = @person limit 100", args, stop);
        var reader = await database.Find<Reader>(ReaderSql, args, stop);
        var kinds = Categories.All.Where(c => c.Name is not MessageCategory.Work || caller.Permissions.Count > 0).Select(category => new Kind(category.Name, category.IsMandatory, Why(category.Name),
        [
            .. Enum.GetValues<MessageChannel>().Where(channel => channel is not MessageChannel.Sms || reader?.Phone is not null).Select(channel =>
            {
                var locked = category.Locked.Contains(channel);
                return new Choice(channel, locked || (wishes.FirstOrDefault(w => w.Category == category.Name && w.Channel == channel)?.Wanted ?? category.Default(channel)), !locked);
            }),
        ]));
        return new View([.. kinds], Hours(reader, database.Clock.GetUtcNow()), reader?.Phone is { } phone ? Texts.Hint(phone) : null);
    }

    private static Quiet? Hours(Reader? reader, DateTimeOffset now)
    {
        if (reader is not { Starts: { } from, Ends: { } until }) return null;
        var (zone, hours) = (reader.Zone ?? "UTC", QuietHours.OfMinutes(from, until));
        return new Quiet(hours.From.ToString(Clock, CultureInfo.InvariantCulture), hours.Until.ToString(Clock, CultureInfo.InvariantCulture), zone, hours.EndOf(now, zone));
    }

    private static string? Why(MessageCategory category) => category switch
    {
        MessageCategory.Security => "Always sent: without it you would not notice that somebody else is in your account.",
        MessageCategory.Payments => "Always in your inbox and by e-mail: these are your receipts and what becomes of your money.",
        MessageCategory.Account => "Always in your inbox and by e-mail: they are about your rights and your account itself.",
        MessageCategory.Bookings => "Always in your inbox: a change of an appointment has to stand somewhere.",
        MessageCategory.Work => "Always in your inbox and by e-mail: somebody waits for you to act.",
        MessageCategory.Messages => null,
    };

    private const string ReaderSql = """
        select r.zone, r.phone, q.starts, q.ends from (select @person::uuid as id) me
            left join messaging.recipients r on r.person_id = me.id left join messaging.quiet_hours q on q.person_id = me.id
        """;
}
