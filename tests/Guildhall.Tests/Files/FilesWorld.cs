using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Guildhall.Files.Storage;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Files;

/// <summary>A marketplace that keeps files in a folder.</summary>
public class FilesWorld : World
{
    private readonly string _folder = Directory.CreateTempSubdirectory("guildhall-files-").FullName;

    internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with { FilesFolder = _folder };

    /// <summary>Every file in the folder, with <c>/</c> between.</summary>
    public string[] OnDisk => [.. Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>A marketplace that keeps files in the sandbox's bucket.</summary>
public sealed class BucketWorld : World
{
    internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with
    {
        S3 = new S3Options(settings.SandboxUrl!, "guildhall-sandbox-files", "sandbox-1", "GUILDHALLSANDBOXKEY0", "guildhall_sandbox_s3_secret", "shop/"),
    };

    /// <summary>The keys in the bucket.</summary>
    public async Task<string[]> Keys() => [.. (await Sandbox.Get("/sandbox/s3/objects")).EnumerateArray().Select(o => o.GetProperty("key").GetString()!)];
}

/// <summary>What people do with files.</summary>
internal static class FileTalk
{
    public const string Words = "The boiler is a Vaillant of 2019. – الغلاية قديمة\n";

    public static Task<Answer> Signs(this Visitor person, Answer booking, string words = Words, string type = "text/plain", string? name = null, int? bytes = null) => person.Post("uploads",
        new { subject = booking.Word("id"), name = name ?? "notes." + type.Split('/')[1].Replace("plain", "txt", StringComparison.Ordinal), contentType = type, bytes = bytes ?? Encoding.UTF8.GetByteCount(words) });

    public static string PathOf(Answer signed) => new Uri(signed.Word("put.url")).PathAndQuery;

    /// <summary>Puts the bytes where the answer says, as it says.</summary>
    public static async Task<int> Puts(this Visitor person, Answer signed, string words = Words, string? type = null)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(words)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type ?? signed.Word("put.headers.content-type")) } };
        if (PathOf(signed).StartsWith("/api/", StringComparison.Ordinal)) return (await person.Send(HttpMethod.Put, PathOf(signed), content)).Status;
        using var http = new HttpClient();
        using var answer = await http.PutAsync(new Uri(signed.Word("put.url")), content);
        return (int)answer.StatusCode;
    }

    public static Task<Answer> Confirms(this Visitor person, Answer signed) => person.Post($"uploads/{signed.Word("id")}/actions/confirm");

    public static Task<Answer> Becomes(this Visitor owner, Answer signed, string state) =>
        Eventually.Get(() => owner.Get($"uploads/{signed.Word("id")}"), a => a.Status == 200 && a.Word("state") == state, $"The upload was expected to become {state}");

    /// <summary>From the beginning until it can be fetched.</summary>
    public static async Task<Answer> PutsIn(this Visitor person, Answer booking, string words = Words, string type = "text/plain")
    {
        var signed = (await person.Signs(booking, words, type)).Must(201);
        (await person.Puts(signed, words)).ShouldBeInRange(200, 204);
        (await person.Confirms(signed)).Must(202);
        return signed;
    }

    public static Task<Answer> Fetches(this Visitor person, Answer signed) => person.Get($"uploads/{signed.Word("id")}/content");

    public static async Task<string[]> Sees(this Visitor person, Answer booking) =>
        [.. (await person.Get($"uploads?subject={booking.Word("id")}")).Must().At("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!)];

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();
}
