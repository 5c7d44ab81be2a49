using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;

namespace Guildhall.Foundation.Settings;

/// <summary>A business knob: typed, validated, versioned, audited, kept in the database and read there every time it decides something.</summary>
public abstract record Setting(string Key, string Says, string Unit)
{
    public abstract JsonElement DefaultJson { get; }

    /// <summary>Null when the value is good, else the sentence that says what is wrong with it.</summary>
    public abstract string? Objection(JsonElement value);

    public abstract string Show(JsonElement value);

    /// <summary>What the audit notes beside this value, such as a standard it goes against; null for most.</summary>
    public virtual string? NoteOn(JsonElement value) => null;
}

/// <inheritdoc cref="Setting"/>
public sealed record Setting<T>(string Key, string Says, string Unit, T Default, Func<T, string?> Check) : Setting(Key, Says, Unit)
{
    public override JsonElement DefaultJson => JsonSerializer.SerializeToElement(Default, JsonRules.Options);

    public override string? Objection(JsonElement value)
    {
        try { return value.Deserialize<T>(JsonRules.Options) is { } typed ? Check(typed) : "A value is expected."; }
        catch (JsonException) { return $"A value of type {typeof(T).Name} is expected."; }
    }

    /// <inheritdoc cref="Setting.NoteOn"/>
    public Func<T, string?>? Note { get; init; }

    public override string? NoteOn(JsonElement value) => Note?.Invoke(value.Deserialize<T>(JsonRules.Options)!);

    public override string Show(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}

/// <summary>All settings of the product, collected from the modules.</summary>
public sealed record SettingBook(IEnumerable<Setting> Settings)
{
    public Setting? Find(string key) => Settings.FirstOrDefault(s => string.Equals(s.Key, key, StringComparison.Ordinal));
}

/// <summary>Reads and changes settings.</summary>
public static class SettingValues
{
    /// <summary>A stored value with its version; the default has version 0.</summary>
    public sealed record Stored(string Key, JsonElement Value, int Version, DateTimeOffset? ChangedAt);

    private sealed record Row(string Key, string Value, int Version, DateTimeOffset ChangedAt);

    /// <summary>The value in force for this transaction.</summary>
    public static async Task<T> Setting<T>(this Transaction tx, Setting<T> setting)
    {
        var json = await tx.Find<string>("select value::text from foundation.settings where key = @key", new { key = setting.Key });
        return Read(setting, json);
    }

    /// <summary>The value in force now, for what belongs to no transaction.</summary>
    public static async Task<T> Setting<T>(this Database database, Setting<T> setting, CancellationToken stop)
    {
        var json = await database.Find<string>("select value::text as in_force from foundation.settings where key = @key", new { key = setting.Key }, stop);
        return Read(setting, json);
    }

    private static T Read<T>(Setting<T> setting, string? json) => json is null ? setting.Default : JsonSerializer.Deserialize<T>(json, JsonRules.Options)!;

    /// <summary>Every setting with its value in force.</summary>
    public static async Task<IReadOnlyList<Stored>> All(Database database, SettingBook book, CancellationToken stop)
    {
        var rows = await database.List<Row>("select key, value::text as value, version, changed_at from foundation.settings limit 1000", stop: stop);
        return [.. book.Settings.Select(s => rows.FirstOrDefault(r => string.Equals(r.Key, s.Key, StringComparison.Ordinal)) is { } row
            ? new Stored(s.Key, JsonSerializer.Deserialize<JsonElement>(row.Value), row.Version, row.ChangedAt)
            : new Stored(s.Key, s.DefaultJson, 0, null))];
    }

    /// <summary>One past change.</summary>
    public sealed record Past(int Version, JsonElement Value, DateTimeOffset ChangedAt, Guid? ChangedBy, string Why);

    /// <summary>The last fifty changes of a setting, newest first.</summary>
    public static Task<IReadOnlyList<Past>> History(Database database, string key, CancellationToken stop) => database.List<Past>("""
        select version, value::text as value, changed_at, changed_by, why from foundation.settings_history where key = @key order by version desc limit 50
        """, new { key }, stop);

    /// <summary>Changes a value if it still has the version the person saw.</summary>
    public static async Task<Result<Stored>> Change(Transaction tx, Caller caller, Setting setting, JsonElement value, int seenVersion, string why)
    {
        if (setting.Objection(value) is { } objection) return FoundationRefusals.SettingInvalid.Saying(objection);
        await tx.Change("select pg_advisory_xact_lock(hashtextextended('setting:' || @key, 0))", new { key = setting.Key });
        var row = await tx.Find<Row>("select key, value::text as value, version, changed_at from foundation.settings where key = @key", new { key = setting.Key });
        if ((row?.Version ?? 0) != seenVersion) return FoundationRefusals.SettingChangedMeanwhile;

        await tx.ChangeOne("""
            insert into foundation.settings (key, value, version, changed_at, changed_by) values (@key, @value, 1, @now, @by)
            on conflict (key) do update set value = excluded.value, version = settings.version + 1, changed_at = excluded.changed_at, changed_by = excluded.changed_by
            """, new { key = setting.Key, value = new Jsonb(value), now = tx.Now, by = caller.AccountId });
        await tx.ChangeOne("""
            insert into foundation.settings_history (key, version, value, changed_at, changed_by, why) values (@key, @version, @value, @now, @by, @why)
            """, new { key = setting.Key, version = seenVersion + 1, value = new Jsonb(value), now = tx.Now, by = caller.AccountId, why });
        var before = row is null ? setting.DefaultJson : JsonSerializer.Deserialize<JsonElement>(row.Value);
        await tx.Audit(caller, "setting.changed", "setting", setting.Key, before: new { value = before }, after: setting.NoteOn(value) is { } note ? (object)new { value, note } : new { value }, why: why);
        return new Stored(setting.Key, value, seenVersion + 1, tx.Now);
    }
}
