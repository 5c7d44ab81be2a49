using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Guildhall.Tests.Support;

/// <summary>Programs of other people (<c>tests/peers</c>), run by node: the second opinion on what a standard means.</summary>
internal static class Peers
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly Lazy<Task<string>> Home = new(Install);

    /// <summary>They are installed.</summary>
    public static Task Ready => Home.Value;

    /// <summary>What the script of this name answers to the question; fails with its errors unless it ends well.</summary>
    public static async Task<JsonElement> Ask(string script, object question)
    {
        var home = await Home.Value;
        return JsonSerializer.Deserialize<JsonElement>(await Run(home, "node", JsonSerializer.Serialize(question), Path.Combine(home, script + ".mjs")));
    }

    /// <summary>Where a file of theirs lies.</summary>
    public static async Task<string> PathOf(string file) => Path.Combine(await Home.Value, file);

    /// <summary>The six digits that an authenticator app shows at a moment.</summary>
    public static async Task<string> Totp(string secret, DateTimeOffset at) => (await Ask("totp", new { secret, seconds = at.ToUnixTimeSeconds() })).GetString()!;

    /// <summary>A server of other people, until it is disposed. Its first line says where it answers.</summary>
    public static async Task<PeerServer> Serve(string script, params string[] args)
    {
        var home = await Home.Value;
        var start = new ProcessStartInfo("node", [Path.Combine(home, script + ".mjs"), .. args]) { WorkingDirectory = home, RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (!Uri.TryCreate(line, UriKind.Absolute, out var address)) Assert.Fail($"`{script}` did not say where it is: {line}");
        return new PeerServer(process, address!);
    }

    // One folder for each state of the lock file. It gets its name when it is whole, so a run that was killed leaves none that looks whole.
    private static async Task<string> Install()
    {
        var (source, peers) = (Tree.Path("tests/peers"), Tree.Path(".guildhall/peers"));
        var home = Path.Combine(peers, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"))))[..16]);
        if (!Directory.Exists(home))
        {
            var fresh = Directory.CreateDirectory($"{home}.{Guid.NewGuid():n}").FullName;
            foreach (var name in (string[])["package.json", "package-lock.json", ".npmrc"]) File.Copy(Path.Combine(source, name), Path.Combine(fresh, name));
            await Run(fresh, "npm", "", "ci");
            try { Directory.Move(fresh, home); }
            catch (IOException) when (Directory.Exists(home)) { Directory.Delete(fresh, recursive: true); } // another run was faster
        }
        foreach (var script in Directory.EnumerateFiles(source, "*.mjs")) File.Copy(script, Path.Combine(home, Path.GetFileName(script)), overwrite: true);
        return home;
    }

    private static async Task<string> Run(string folder, string program, string input, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Patience);
        if (process.ExitCode != 0) Assert.Fail($"`{program} {string.Join(' ', args)}` ended with {process.ExitCode}: {await errors}{await output}");
        return await output;
    }
}

/// <summary>A running server of other people; it ends with its standard input.</summary>
internal sealed class PeerServer(Process process, Uri address) : IAsyncDisposable
{
    public Uri Address => address;

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
