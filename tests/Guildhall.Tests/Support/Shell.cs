using System.Diagnostics;

namespace Guildhall.Tests.Support;

/// <summary>Runs the repository's own scripts.</summary>
internal static class Shell
{
    /// <summary>Standard output of a bash command run at the root; fails with its errors unless it ends well.</summary>
    public static async Task<string> Bash(string command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = Tree.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        if (process.ExitCode != 0) Assert.Fail($"`{command}` ended with {process.ExitCode}: {await errors}");
        return await output;
    }
}
