using System.Text.Json;
using Guildhall.Messaging;
using Guildhall.Messaging.Voice;
using Guildhall.Operations.Integrations;
using Guildhall.Web.Host;
using Guildhall.Web.Host.Gateways;
using Microsoft.Extensions.Configuration;

namespace Guildhall.Tests.Messaging.Voice;

[Covers("N-6", "O-9")]
public sealed class SpeakNoticeTests(VoiceWorld world) : IClassFixture<VoiceWorld>
{
    [Fact]
    public async Task A_reminder_is_read_out_in_the_language_its_person_reads_and_made_once()
    {
        var (layla, noura) = (await Reader("en"), await Reader("ar"));
        var (reminder, hers) = (await Reminded(layla), await Reminded(noura));
        var before = (await Spoken()).Length;
        (await layla.Get($"inbox/{reminder}/voice")).MustRefuse(MessagingRefusals.VoiceNotMade);
        var made = (await layla.Post($"inbox/{reminder}/actions/speak")).Must();
        made.Word("audio").ShouldBe($"/api/v1/inbox/{reminder}/voice");
        var heard = (await layla.Get($"inbox/{reminder}/voice")).Must();
        (heard.Headers["Content-Type"], heard.Headers["Content-Length"]).ShouldBe(("audio/mpeg", made.At("bytes").GetRawText()));
        (await layla.Post($"inbox/{reminder}/actions/speak")).Must();
        (await noura.Post($"inbox/{hers}/actions/speak")).Must();

        var spoken = (await Spoken())[before..];
        spoken.Select(s => s.Text("voice")).ShouldBe(["sandboxVoiceEn", "sandboxVoiceAr"]); // asked again, it was there
        spoken[0].Text("text")!.ShouldStartWith("Tomorrow: Boiler check. Hello ");
        spoken[1].Text("text")!.Any(c => c is >= '\u0600' and <= '\u06FF').ShouldBeTrue();
        spoken.ShouldAllBe(s => !s.Text("text")!.Any(c => c >= '\u2066' && c <= '\u2069'));

        (await noura.Post($"inbox/{reminder}/actions/speak")).MustRefuse(MessagingRefusals.NoticeNotFound);
        (await noura.Get($"inbox/{reminder}/voice")).MustRefuse(MessagingRefusals.NoticeNotFound);
        (await world.Visitor().Post($"inbox/{reminder}/actions/speak")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Only_appointments_are_read_out()
    {
        var layla = await Reader("en");
        await world.Data().InTransaction(tx => Notify.Person(tx, layla.Id, "booking_confirmed_customer",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["service"] = "Tax advice", ["when"] = "Sat", ["amount"] = "12.500 KWD", ["link"] = "/bookings/bkg_1" }));
        var notice = (await layla.Get("inbox")).Must().Word("items.0.id");
        (await layla.Post($"inbox/{notice}/actions/speak")).MustRefuse(MessagingRefusals.NoticeNotSpoken);
    }

    [Theory, Covers("marketplace-56", "O-1")]
    [InlineData("down", "It answered 500."), InlineData("garbage", "Its answer is no speech."), InlineData("refused", "It answered 401 invalid_api_key."), InlineData("limited", "It answered 401 quota_exceeded.")]
    public async Task While_nobody_reads_out_it_says_so_and_afterwards_it_works_by_itself(string how, string error)
    {
        var layla = await Reader("en");
        var reminder = await Reminded(layla);
        try
        {
            await world.Gateway.Faults(new { voice = how });
            layla.OnlyNode = 0;
            (await layla.Post($"inbox/{reminder}/actions/speak")).MustRefuse(MessagingRefusals.VoiceUnavailable);
            var line = (await world.Get<IntegrationStatus>().Read(default)).Single(i => i.Name is "elevenlabs");
            (line.State, line.LastError).ShouldBe((IntegrationState.Degraded, error));
            line.UsersLose!.ShouldContain("every other way");
        }
        finally { await world.Gateway.AnswersAsUsual(); }
        (await layla.Post($"inbox/{reminder}/actions/speak")).Must();
        (await world.Get<IntegrationStatus>().Read(default)).Single(i => i.Name is "elevenlabs").State.ShouldBe(IntegrationState.Sandbox);
    }

    [Fact]
    public async Task Who_is_erased_leaves_no_speech_and_old_speech_goes()
    {
        var (layla, noura) = (await Reader("en"), await Reader("en"));
        foreach (var person in new[] { layla, noura }) (await person.Post($"inbox/{await Reminded(person)}/actions/speak")).Must();
        await world.Data().InTransaction(tx => world.Get<IEnumerable<Guildhall.Foundation.Security.PersonalData>>().Single(p => p.Section == "messages").Erase(tx, layla.Id));
        (await world.Database.Count("messaging.voices where person_id = $1", layla.Id)).ShouldBe(0);
        await world.Database.Execute("update messaging.voices set made_at = made_at - interval '41 days' where person_id = $1", noura.Id);
        await world.Data().InTransaction(tx => ForgetVoices.Run(tx, new ForgetVoices()));
        (await world.Database.Count("messaging.voices where person_id = $1", noura.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_read_out_and_it_says_so()
    {
        var layla = await Reader("en");
        Id.TryParse<NoticeId>(await Reminded(layla), out var id);
        using var none = new ElevenLabs(VoiceOptions.None);
        (await SpeakNotice.Run(world.Data(), none, Tests.Marketplace.MarketplaceWorld.CallerOf(layla.Id), id, default)).Refusal!.Code.ShouldBe("VOICE_NOT_CONFIGURED");
        (none.Status, await none.Try(default)).ShouldBe((null, false));
    }

    [Fact]
    public void Settings_that_do_not_fit_stop_the_start_with_what_to_do()
    {
        Read().ShouldBe((VoiceOptions.None, ""));
        Read(("KEY", "k"), ("VOICE", "v")).Options.ShouldBe(new VoiceOptions(new Uri("https://api.elevenlabs.io"), "k", "v", "v", "eleven_multilingual_v2"));
        Read(("KEY", "k")).Wrong.ShouldContain("belong together");
        Read(("KEY", "guildhall_sandbox_elevenlabs_key"), ("VOICE", "v")).Wrong.ShouldContain("Put your own key");
        Read(("KEY", "k"), ("VOICE", "v"), ("API", "http://voice.test")).Wrong.ShouldContain("must be https");
    }

    private static (VoiceOptions Options, string Wrong) Read(params (string Key, string Value)[] set)
    {
        var wrong = new List<string>();
        var config = new ConfigurationBuilder().AddInMemoryCollection(set.ToDictionary(s => "GUILDHALL_ELEVENLABS_" + s.Key, s => (string?)s.Value, StringComparer.Ordinal)).Build();
        return (VoiceSettings.Read(config, sandbox: false, wrong), string.Join('\n', wrong));
    }

    private async Task<Person> Reader(string language)
    {
        var person = await world.Customer();
        await world.Database.Execute("update messaging.recipients set language = $2 where person_id = $1", person.Id, language);
        return person;
    }

    private async Task<string> Reminded(Person person)
    {
        await world.Data().InTransaction(tx => Notify.Person(tx, person.Id, "booking_reminder_day",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["service"] = "Boiler check", ["when"] = "Sat 21 Nov 2026, 18:30", ["link"] = "/bookings/bkg_1" }));
        return (await person.Get("inbox")).Must().At("items").EnumerateArray().First(i => i.GetProperty("template").GetString() is "booking_reminder_day").GetProperty("id").GetString()!;
    }

    private async Task<JsonElement[]> Spoken() => [.. (await world.Sandbox.Get("/sandbox/voice/spoken")).EnumerateArray()];
}

/// <summary>A world where ElevenLabs is set up.</summary>
public sealed class VoiceWorld : World
{
    internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with
    {
        Voice = new VoiceOptions(settings.SandboxUrl!, "guildhall_sandbox_elevenlabs_key", "sandboxVoiceEn", "sandboxVoiceAr", "eleven_multilingual_v2"),
    };
}

internal static class SpokenJson
{
    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();
}
