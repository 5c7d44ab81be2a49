using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Guildhall.Sandbox.Stripe.Protocol;

/// <summary>Parameters of a call, form body or query, in bracket notation: <c>line_items[0][quantity]</c>.</summary>
internal sealed class Form(IEnumerable<KeyValuePair<string, StringValues>> values)
{
    private readonly SortedDictionary<string, StringValues> fields =
        new(values.ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal), StringComparer.Ordinal);

    public string[] Expand =>
        [.. fields.Where(f => f.Key.StartsWith("expand[", StringComparison.Ordinal)).SelectMany(f => f.Value.OfType<string>())];

    /// <summary>An empty value clears a field, so it reads as absent.</summary>
    public string? Text(string name, int maxLength = 5000)
    {
        if (!fields.TryGetValue(name, out var value) || StringValues.IsNullOrEmpty(value)) return null;
        return value.ToString().Length <= maxLength
            ? value.ToString()
            : throw StripeRefusal.Invalid($"Invalid string: must be at most {maxLength} characters", name);
    }

    public string Required(string name) => Text(name) ?? throw StripeRefusal.Missing(name);

    public string? OneOf(string name, params string[] allowed)
    {
        var value = Text(name);
        return value is null || allowed.Contains(value, StringComparer.Ordinal)
            ? value
            : throw StripeRefusal.Invalid($"Invalid {name}: must be one of {string.Join(", ", allowed)}", name);
    }

    public long? Integer(string name)
    {
        if (Text(name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw StripeRefusal.Invalid($"Invalid integer: {text}", name, "parameter_invalid_integer");
    }

    public bool Has(string prefix) => fields.Keys.Any(key => key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Texts in brackets after a name: <c>evidence[product_description]</c>.</summary>
    public Dictionary<string, string> Fields(string name)
    {
        string Word(string key) => key[(name.Length + 1)..^1];
        return fields.Keys.Where(key => key.StartsWith(name + "[", StringComparison.Ordinal) && key.EndsWith(']') && Text(key, 20_000) is not null)
            .ToDictionary(Word, key => Text(key, 20_000)!, StringComparer.Ordinal);
    }

    public Dictionary<string, string> Metadata(string name = "metadata")
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in fields)
        {
            if (!key.StartsWith(name + "[", StringComparison.Ordinal) || !key.EndsWith(']')) continue;
            var word = key[(name.Length + 1)..^1];
            if (word.Length is 0 or > 40) throw StripeRefusal.Invalid("Metadata keys have 1 to 40 characters.", name);
            if (value.ToString().Length > 500) throw StripeRefusal.Invalid("Metadata values have at most 500 characters.", key);
            if (value.ToString().Length > 0) found[word] = value.ToString();
        }

        return found.Count <= 50 ? found : throw StripeRefusal.Invalid("Metadata has at most 50 keys.", name);
    }

    /// <summary>Stripe refuses a parameter it does not know; so does this, or a misspelling would pass here and fail there.</summary>
    public void AllowOnly(string[] names)
    {
        foreach (var key in fields.Keys)
        {
            var name = key.Split('[', 2)[0];
            if (name != "expand" && !names.Contains(name, StringComparer.Ordinal))
                throw StripeRefusal.Invalid($"Received unknown parameter: {name}", name, "parameter_unknown");
        }
    }

    public string Fingerprint(string call)
    {
        var text = new StringBuilder(call);
        foreach (var (key, value) in fields) text.Append('\n').Append(key).Append('=').Append(value.ToString());
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
