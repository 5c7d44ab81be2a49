using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Messaging.Templates;
using Guildhall.Messaging.Templates.Editing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Voice;

/// <summary>A person has a reminder of theirs read out, in the language they read. It is made when they ask and kept, so that hearing it again costs nothing; nobody's words leave the house unasked.
/// No transaction is open while it is made.</summary>
public static class SpeakNotice
{
    private const int MostText = 600;

    /// <param name="Bytes">Of the MP3.</param>
    /// <param name="Audio">Where it is heard.</param>
    public sealed record View(NoticeId Id, int Bytes, string Audio);

    internal sealed record Words(string Template, JsonElement Facts, JsonElement? Edited, string DisplayName, string Language);

    internal static void Map(IEndpointRouteBuilder inbox) => inbox
        .MapPost("/{id}/actions/speak", async (NoticeId id, Caller caller, Database database, ElevenLabs voices, CancellationToken stop) => (await Run(database, voices, caller, id, stop)).ToHttp())
        .WithName(nameof(SpeakNotice)).RequiresSignIn().Limited(RateClass.Money).Produces<View>();

    public static async Task<Result<View>> Run(Database database, ElevenLabs voices, Caller caller, NoticeId id, CancellationToken stop)
    {
        if (!(await Said(database, voices, caller, id, stop)).Is(out var said, out var refusal)) return refusal;
        if (await Voices.Find(database, said.Key, stop) is { } before) return Show(id, before);
        if (await voices.Speak(said.Text, said.Voice, stop) is not { } audio) return MessagingRefusals.VoiceUnavailable;
        await database.Change(Keep, new { said.Key, person = caller.AccountId!.Value, audio, now = database.Clock.GetUtcNow() }, stop);
        return Show(id, audio);
    }

    internal sealed record Speech(string Text, string Voice, byte[] Key);

    /// <summary>What is read out of a notice, by whom; the key finds what was made before.</summary>
    internal static async Task<Result<Speech>> Said(Database database, ElevenLabs voices, Caller caller, NoticeId id, CancellationToken stop)
    {
        if (await database.Find<Words>(WordsSql, new { id, person = caller.AccountId }, stop) is not { } words || words.Facts.Deserialize<Dictionary<string, string>>() is not { Count: > 0 } facts) return MessagingRefusals.NoticeNotFound;
        if (!Reminders.Contains(words.Template)) return MessagingRefusals.NoticeNotSpoken;
        if (!voices.IsConfigured) return MessagingRefusals.VoiceNotConfigured;
        facts["name"] = words.DisplayName;
        var template = EditedWords.Apply(TemplateBook.Get(words.Template), words.Edited);
        if (Rendering.Missing(template, words.Language, facts)) return MessagingRefusals.NoticeNotFound;
        var (title, body) = Rendering.Notice(template, words.Language, facts);
        var text = new string([.. $"{title}. {body}".Where(c => !char.IsControl(c) && c is not (>= '\u2066' and <= '\u2069') and not (>= '\u202A' and <= '\u202E')).Take(MostText)]);
        var voice = voices.Options.VoiceOf(words.Language);
        return new Speech(text, voice, PersonKeys.Blind("voice", $"{voices.Options.Model} {voice} {caller.AccountId} {text}"));
    }

    /// <summary>What is read out: appointments that come.</summary>
    public static IReadOnlySet<string> Reminders { get; } = new HashSet<string>(["booking_reminder_day", "booking_reminder_soon"], StringComparer.Ordinal);

    private static View Show(NoticeId id, byte[] audio) => new(id, audio.Length, $"/api/v1/inbox/{id}/voice");

    private const string WordsSql = """
        select n.template, n.facts::text as facts, v.words::text as edited, r.display_name, r.language
        from messaging.notices n join messaging.recipients r on r.person_id = n.person_id
            left join messaging.templates_in_force f on f.template = n.template left join messaging.template_versions v on v.template = f.template and v.version = f.version
        where n.id = @id and n.person_id = @person and n.shown
        """;

    private const string Keep = "insert into messaging.voices (key, person_id, audio, made_at) values (@Key, @person, @audio, @now) on conflict (key) do nothing";
}

/// <summary>The speech of a reminder that was asked for, as an MP3.</summary>
public static class ReadNoticeVoice
{
    internal static void Map(IEndpointRouteBuilder inbox) => inbox
        .MapGet("/{id}/voice", async (NoticeId id, HttpContext http, Caller caller, Database database, ElevenLabs voices) => ToHttp(http, await Run(database, voices, caller, id, http.RequestAborted)))
        .WithName(nameof(ReadNoticeVoice)).RequiresSignIn().Produces(200, contentType: "audio/mpeg");

    public static async Task<Result<byte[]>> Run(Database database, ElevenLabs voices, Caller caller, NoticeId id, CancellationToken stop)
    {
        if (!(await SpeakNotice.Said(database, voices, caller, id, stop)).Is(out var said, out var refusal)) return refusal;
        return await Voices.Find(database, said.Key, stop) is { } audio ? audio : MessagingRefusals.VoiceNotMade;
    }

    /// <summary>The answer of a route or page.</summary>
    public static IResult ToHttp(HttpContext http, Result<byte[]> voice)
    {
        if (!voice.Is(out var audio, out var refusal)) return refusal.ToHttp();
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; media-src 'self'; sandbox";
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.File(audio, "audio/mpeg");
    }
}

internal static class Voices
{
    private sealed record Row(byte[] Audio);

    public static async Task<byte[]?> Find(Database database, byte[] key, CancellationToken stop) => (await database.Find<Row>("select audio from messaging.voices where key = @key", new { key }, stop))?.Audio;
}

/// <summary>Speech of appointments that are over goes after forty days.</summary>
internal sealed record ForgetVoices : IJob
{
    public static string Kind => "forget_voices";

    public static Task Run(Transaction tx, ForgetVoices _) => tx.Change("delete from messaging.voices where made_at < @before", new { before = tx.Now.AddDays(-40) });
}
