using System.Text;
using System.Text.Json;

namespace Guildhall.Verify;

/// <summary>Checks a receipt, or a file with a list of them under <c>receipts</c>, without a database.</summary>
internal static class Receipts
{
    public static async Task<int> Check(string path, CheckpointLog? file, string? pinned, TextWriter output, CancellationToken stop)
    {
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(path, stop));
        var receipts = json.RootElement.TryGetProperty("receipts", out var list) ? list.EnumerateArray().ToList() : [json.RootElement];
        var wrong = 0;
        foreach (var receipt in receipts)
        {
            var reference = receipt.GetProperty("reference").GetString();
            if (Objection(receipt, file, pinned) is not { } objection) continue;
            wrong++;
            await output.WriteLineAsync($"BROKEN receipt of {reference}: {objection}");
        }
        foreach (var finding in file?.Findings ?? [])
        {
            wrong++;
            await output.WriteLineAsync($"BROKEN {finding.Law}: {finding.Says}");
        }
        if (file is null && pinned is null) await output.WriteLineAsync("The key was taken from the receipt itself: compare it with the published one, or pass --key or --checkpoints.");
        await output.WriteLineAsync(wrong == 0 ? $"{receipts.Count} receipts hold." : $"{wrong} of {receipts.Count} receipts do not hold.");
        return wrong == 0 ? 0 : 1;
    }

    private static string? Objection(JsonElement receipt, CheckpointLog? file, string? pinned)
    {
        var signed = receipt.GetProperty("checkpoint");
        var checkpoint = new Checkpoint(signed.GetProperty("id").GetInt64(), signed.GetProperty("size").GetInt64(), Bytes(signed, "root"), signed.GetProperty("epoch").GetInt32(),
            signed.GetProperty("at").GetInt64(), signed.GetProperty("kid").GetString()!, Bytes(signed, "signature"));
        var key = Bytes(signed, "publicKey");
        if (pinned is not null && !key.AsSpan().SequenceEqual(Convert.FromBase64String(pinned))) return "it is signed by another key than the one to trust";
        if (file is not null && !(file.Keys.TryGetValue(checkpoint.Kid, out var own) && own.AsSpan().SequenceEqual(key))) return "it is signed by a key that the file of checkpoints does not know";
        if (!checkpoint.IsSignedBy(key)) return "the signature of its checkpoint is wrong";
        if (file?.Lines.Find(l => l.Id == checkpoint.Id) is { } line && (line.Size != checkpoint.Size || !line.Root.AsSpan().SequenceEqual(checkpoint.Root))) return "its checkpoint is not the one in the file";
        var leaf = Bytes(receipt, "leaf");
        if (receipt.TryGetProperty("data", out var data) && data.ValueKind is JsonValueKind.String && !Tree.Leaf(Encoding.UTF8.GetBytes(data.GetString()!)).AsSpan().SequenceEqual(leaf)) return "what it shows is not what was sealed";
        var path = receipt.GetProperty("path").EnumerateArray().Select(p => p.GetBytesFromBase64()).ToList();
        var root = Tree.Climb(leaf, receipt.GetProperty("position").GetInt64(), checkpoint.Size, path);
        return root is not null && root.AsSpan().SequenceEqual(checkpoint.Root) ? null : "its path does not lead to the root of the checkpoint";
    }

    private static byte[] Bytes(JsonElement element, string name) => element.GetProperty(name).GetBytesFromBase64();
}
