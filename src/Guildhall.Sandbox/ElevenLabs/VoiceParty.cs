using System.Collections.Concurrent;
using System.Text.Json;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.ElevenLabs;

/// <summary>ElevenLabs' text to speech: two voices that keep silent for as long as the words would take, in whole frames of an MP3. What was to be said is listed.</summary>
internal static class VoiceParty
{
    public const string Key = "guildhall_sandbox_elevenlabs_key";
    private const int MostKept = 100, FrameBytes = 208, LettersPerFrame = 1;
    private static readonly string[] Voices = ["sandboxVoiceEn", "sandboxVoiceAr"], Models = ["eleven_multilingual_v2", "eleven_flash_v2_5", "eleven_turbo_v2_5"];

    private sealed record Spoken(string Voice, string Model, string Text, int Bytes);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var spoken = new ConcurrentQueue<Spoken>();
        routes.MapPost("/v1/text-to-speech/{voice}", (HttpContext http, World world, string voice) => Speak(http, world, voice, spoken));
        routes.MapGet("/sandbox/voice/spoken", () => Control.Control.Json(spoken.ToArray()));
    }

    private static async Task<IResult> Speak(HttpContext http, World world, string voice, ConcurrentQueue<Spoken> spoken)
    {
        var fault = world.Read(w => w.Faults.Voice);
        if (fault is VoiceFault.Slow) await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted);
        if (fault is VoiceFault.Down) return Results.StatusCode(500);
        if (fault is VoiceFault.Garbage) return Results.Json(new { hello = "there" });
        if (fault is VoiceFault.Refused || http.Request.Headers["xi-api-key"] != Key) return Error(401, "invalid_api_key", "Invalid API key");
        if (fault is VoiceFault.Limited) return Error(401, "quota_exceeded", "This request exceeds your quota.");
        if (!Voices.Contains(voice)) return Error(404, "voice_not_found", $"A voice with voice_id {voice} was not found.");
        if (http.Request.Query["output_format"] is not [{ } format] || !format.StartsWith("mp3_", StringComparison.Ordinal)) return Invalid("output_format");
        JsonElement body;
        try { body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted); }
        catch (JsonException) { return Invalid("body"); }
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("text", out var said) || said.GetString() is not { Length: > 0 and <= 10_000 } text) return Invalid("text");
        if (!body.TryGetProperty("model_id", out var named) || named.GetString() is not { } model || !Models.Contains(model)) return Error(400, "model_not_found", "A model with this model_id was not found.");
        var audio = Silence(text.Length);
        spoken.Enqueue(new Spoken(voice, model, text, audio.Length));
        while (spoken.Count > MostKept) spoken.TryDequeue(out _);
        return Results.Bytes(audio, "audio/mpeg");
    }

    // MPEG 1, layer III, 64 kbit/s, 44.1 kHz, mono: a head of four bytes and nothing to hear, 26 ms each.
    private static byte[] Silence(int letters)
    {
        var frames = Math.Max(1, letters / LettersPerFrame);
        var audio = new byte[frames * FrameBytes];
        for (var at = 0; at < audio.Length; at += FrameBytes) (audio[at], audio[at + 1], audio[at + 2], audio[at + 3]) = (0xFF, 0xFB, 0x50, 0xC0);
        return audio;
    }

    private static IResult Error(int code, string status, string message) => Results.Json(new { detail = new { status, message } }, statusCode: code);

    private static IResult Invalid(string field) => Results.Json(new { detail = new[] { new { type = "missing", loc = new[] { "body", field }, msg = "Field required" } } }, statusCode: 422);
}
