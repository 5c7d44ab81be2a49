using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Guildhall.Verify;

/// <summary>A signed statement: the log has this size and this root.</summary>
internal sealed record Checkpoint(long Id, long Size, byte[] Root, int Epoch, long At, string Kid, byte[] Signature)
{
    public bool IsSignedBy(byte[] publicKey)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"guildhall.ledger.v1\n{Id}\n{Size}\n{Convert.ToBase64String(Root)}\n{Epoch}\n{At}\n");
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.VerifyData(Encoding.UTF8.GetBytes(text), Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}

/// <summary>The file of checkpoints: keys, signatures and every leaf, checked in itself before it is held against the database.</summary>
internal sealed class CheckpointLog
{
    private readonly Findings _findings = new();

    public List<Checkpoint> Lines { get; } = [];
    public Dictionary<string, byte[]> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>Every leaf the file knows, one after the other, 32 bytes each; only those up to the last line that holds.</summary>
    public List<byte[]> Leaves { get; } = [];

    public IReadOnlyList<Finding> Findings => _findings.All;

    /// <param name="path">The file.</param>
    /// <param name="pinned">The only public key to trust; otherwise those in the file.</param>
    public static async Task<CheckpointLog> Read(string path, string? pinned, CancellationToken stop)
    {
        var log = new CheckpointLog();
        var tree = new Tree();
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(path, stop))
        {
            number++;
            try
            {
                using var json = JsonDocument.Parse(line);
                if (json.RootElement.TryGetProperty("key", out var kid)) log.Keys[kid.GetString()!] = Convert.FromBase64String(json.RootElement.GetProperty("publicKey").GetString()!);
                else if (!log.Take(json.RootElement, tree, pinned, number)) break;
            }
            catch (Exception problem) when (problem is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or CryptographicException)
            {
                log._findings.Add("checkpoint file", $"line {number} cannot be read: {problem.Message}");
                break;
            }
        }
        return log;
    }

    private bool Take(JsonElement line, Tree tree, string? pinned, int number)
    {
        var checkpoint = new Checkpoint(line.GetProperty("id").GetInt64(), line.GetProperty("size").GetInt64(), Convert.FromBase64String(line.GetProperty("root").GetString()!),
            line.GetProperty("epoch").GetInt32(), line.GetProperty("at").GetInt64(), line.GetProperty("kid").GetString()!, Convert.FromBase64String(line.GetProperty("signature").GetString()!));
        if (!Keys.TryGetValue(checkpoint.Kid, out var key) || (pinned is not null && !key.AsSpan().SequenceEqual(Convert.FromBase64String(pinned))))
            return Broken($"line {number}: checkpoint {checkpoint.Id} is signed by {checkpoint.Kid}, which is not a key to trust");
        if (!checkpoint.IsSignedBy(key)) return Broken($"line {number}: the signature of checkpoint {checkpoint.Id} is wrong");
        if (Lines.Count > 0 && checkpoint.Id != Lines[^1].Id + 1) return Broken($"line {number}: checkpoint {checkpoint.Id} follows {Lines[^1].Id}");
        var leaves = Convert.FromBase64String(line.GetProperty("leaves").GetString()!);
        if (leaves.Length != 32 * (checkpoint.Size - tree.Size)) return Broken($"line {number}: checkpoint {checkpoint.Id} has {leaves.Length / 32} leaves, its size says {checkpoint.Size - tree.Size}");
        var fresh = new List<byte[]>();
        for (var i = 0; i < leaves.Length; i += 32) fresh.Add(leaves[i..(i + 32)]);
        foreach (var leaf in fresh) tree.Add(leaf);
        if (!tree.Root().AsSpan().SequenceEqual(checkpoint.Root)) return Broken($"line {number}: the leaves of checkpoint {checkpoint.Id} do not lead to its root");
        Lines.Add(checkpoint);
        Leaves.AddRange(fresh);
        return true;
    }

    private bool Broken(string says)
    {
        _findings.Add("checkpoint file", says);
        return false;
    }
}
