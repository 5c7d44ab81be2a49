namespace Guildhall.Tests.Support;

/// <summary>The source tree this build came from.</summary>
internal static class Tree
{
    private static readonly string[] Generated = ["bin", "obj", "artifacts", ".git", ".guildhall", "node_modules"];

    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: the folder that this very build went to.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name;

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    public static bool Has(string relative) => File.Exists(Path(relative)) || Directory.Exists(Path(relative));

    public static string Read(string relative) => File.ReadAllText(Path(relative));

    /// <summary>Files below a folder as (relative path, text); generated folders are left out.</summary>
    public static IEnumerable<SourceFile> Files(string folder, params string[] endings) => Walk(Path(folder))
        .Where(file => endings.Length == 0 || endings.Any(e => file.EndsWith(e, StringComparison.Ordinal)))
        .Select(file => new SourceFile(System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/'), File.ReadAllText(file)))
        .OrderBy(file => file.Path, StringComparer.Ordinal);

    private static IEnumerable<string> Walk(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        return Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder)
            .Where(sub => !Generated.Contains(System.IO.Path.GetFileName(sub), StringComparer.Ordinal)).SelectMany(Walk));
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Guildhall.slnx"))) return folder.FullName;
        throw new InvalidOperationException("The tests run inside the source tree: Guildhall.slnx was not found above them.");
    }
}

/// <summary>A file a guard looks at: from the tree, or planted by a test.</summary>
public sealed record SourceFile(string Path, string Text);
