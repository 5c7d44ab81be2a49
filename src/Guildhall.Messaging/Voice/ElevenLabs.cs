using System.Net.Http.Json;
using System.Text.Json;
using Guildhall.Foundation.Http;

namespace Guildhall.Messaging.Voice;

/// <summary>Where words become speech.</summary>
/// <param name="Key">Null: nothing is read out.</param>
/// <param name="Voice">The id of the voice that reads.</param>
/// <param name="ArabicVoice">The one that reads Arabic.</param>
/// <param name="Model">One that knows both languages.</param>
public sealed record VoiceOptions(Uri Api, string? Key, string Voice, string ArabicVoice, string Model)
{
    public static VoiceOptions None { get; } = new(new Uri("https://api.elevenlabs.io"), null, "", "", "eleven_multilingual_v2");

    internal string VoiceOf(string language) => language.StartsWith("ar", StringComparison.OrdinalIgnoreCase) ? ArabicVoice : Voice;
}

/// <summary>ElevenLabs, text to speech: words in, an MP3 out. Fifteen seconds, two megabytes, two at once. Asking twice costs twice and harms nothing. Written from the documentation and tried
/// against the sandbox only.</summary>
public sealed class ElevenLabs : IDisposable
{
    private const int AtOnce = 2, MostBytes = 2 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly Circuit _circuit = new(AtOnce);
    private readonly VoiceOptions _options;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MostBytes,
    };

    public ElevenLabs(VoiceOptions options) => _options = options;

    public bool IsConfigured => _options.Key is not null;

    public bool IsOnThisMachine => _options.Api.IsLoopback;

    /// <summary>How they do; null when they are not set up.</summary>
    public PartyStatus? Status => IsConfigured ? _circuit.Status : null;

    /// <summary>Has one word read out, for staff: true when speech came back.</summary>
    public async Task<bool> Try(CancellationToken stop) => IsConfigured && await Speak("Guildhall.", _options.Voice, stop) is not null;

    internal VoiceOptions Options => _options;

    /// <summary>The MP3; null when there is none, and why is noted where staff see it.</summary>
    internal async Task<byte[]?> Speak(string text, string voice, CancellationToken stop)
    {
        try
        {
            var (status, type, body) = await _circuit.Run(async token =>
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
                limit.CancelAfter(Patience);
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_options.Api, $"/v1/text-to-speech/{Uri.EscapeDataString(voice)}?output_format=mp3_44100_64"));
                request.Headers.Add("xi-api-key", _options.Key);
                request.Content = JsonContent.Create(new { text, model_id = _options.Model });
                using var answer = await _http.SendAsync(request, limit.Token);
                return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsByteArrayAsync(limit.Token));
            }, said => said.Item1 is >= 500 or 429, stop);
            if (status is not 200) return Failed($"It answered {status}{Named(body)}.");
            if (type is not "audio/mpeg" || !IsMp3(body)) return Failed("Its answer is no speech.");
            _circuit.Works();
            return body;
        }
        catch (CircuitOpenException) { return null; }
        catch (Exception problem) when (problem is HttpRequestException or IOException) { return Failed("It cannot be reached, or its answer is too long."); }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested) { return Failed("It did not answer within fifteen seconds."); }
    }

    // A tag, or the mark at the beginning of a frame.
    private static bool IsMp3(byte[] body) => body.AsSpan().StartsWith("ID3"u8) || body is [0xFF, >= 0xE0, _, ..];

    // Their word for what is wrong, never their sentence: it may repeat what was to be said.
    private static string Named(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body) is { ValueKind: JsonValueKind.Object } said && said.TryGetProperty("detail", out var detail) && detail.ValueKind is JsonValueKind.Object
                && detail.TryGetProperty("status", out var name) && name.GetString() is { Length: > 0 and <= 60 } text && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_') ? $" {text}" : "";
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException) { return ""; }
    }

    private byte[]? Failed(string why)
    {
        _circuit.Fails(why);
        return null;
    }

    public void Dispose() => _http.Dispose();
}
