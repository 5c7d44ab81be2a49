using System.Buffers;
using System.Text.Json;

namespace Guildhall.Sandbox.State;

/// <summary>Collects what one change writes, as one JSON line, so that a change is on disk whole or not at all.</summary>
internal sealed class ChangeLog
{
    private readonly ArrayBufferWriter<byte> line = new(16 * 1024);
    private Utf8JsonWriter? writer;

    public bool IsEmpty => writer is null;

    public void Put(string table, object item)
    {
        var json = Begin("put", table);
        JsonSerializer.Serialize(json, item, item.GetType(), SandboxJson.Stored);
        json.WriteEndArray();
    }

    public void Delete(string table, string id)
    {
        var json = Begin("delete", table);
        json.WriteStringValue(id);
        json.WriteEndArray();
    }

    public void Clear()
    {
        var json = Begin("clear", "*");
        json.WriteEndArray();
    }

    public byte[] Take()
    {
        writer!.WriteEndArray();
        writer.Flush();
        line.GetSpan(1)[0] = (byte)'\n';
        line.Advance(1);
        var taken = line.WrittenSpan.ToArray();
        line.ResetWrittenCount();
        writer.Dispose();
        writer = null;
        return taken;
    }

    private Utf8JsonWriter Begin(string act, string table)
    {
        if (writer is null)
        {
            writer = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = SandboxJson.Stored.Encoder, SkipValidation = true });
            writer.WriteStartArray();
        }

        writer.WriteStartArray();
        writer.WriteStringValue(act);
        writer.WriteStringValue(table);
        return writer;
    }
}
