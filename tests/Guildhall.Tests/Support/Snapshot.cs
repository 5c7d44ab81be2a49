namespace Guildhall.Tests.Support;

/// <summary>Committed texts that must equal what the code says today. <c>GUILDHALL_UPDATE_SNAPSHOTS=1 ./test</c> rewrites them.</summary>
internal static class Snapshot
{
    /// <summary>The texts are to be written, not compared.</summary>
    public static bool Updating => Environment.GetEnvironmentVariable("GUILDHALL_UPDATE_SNAPSHOTS") is "1";

    /// <summary>Compares with a file of the tree; the path is relative to its root.</summary>
    public static void Matches(string path, string actual)
    {
        var file = Tree.Path(path);
        var text = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Updating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            return;
        }
        var expected = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (Difference(expected, text) is { } difference)
            Assert.Fail($"{path} is not what the code says:\n{difference}\nIf that is meant: GUILDHALL_UPDATE_SNAPSHOTS=1 ./test --unit, and commit the file.");
    }

    /// <summary>Lines that are only in one of two texts, or null.</summary>
    public static string? Difference(string expected, string actual)
    {
        if (string.Equals(expected, actual, StringComparison.Ordinal)) return null;
        var (before, after) = (expected.Split('\n'), actual.Split('\n'));
        var lines = before.Except(after, StringComparer.Ordinal).Select(l => "- " + l).Concat(after.Except(before, StringComparer.Ordinal).Select(l => "+ " + l)).ToArray();
        return lines.Length == 0 ? "the order of lines changed" : string.Join('\n', lines.Take(60));
    }
}
