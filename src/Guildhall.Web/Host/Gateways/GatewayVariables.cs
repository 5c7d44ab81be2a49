namespace Guildhall.Web.Host.Gateways;

/// <summary>The <c>GUILDHALL_{NAME}_…</c> variables of one gateway, with the sentences about what is wrong with them.</summary>
internal sealed class GatewayVariables(IConfiguration config, string name, List<string> wrong)
{
    public string? Text(string variable) => config[Full(variable)] is { Length: > 0 } value && value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A secret of the environment, or the content of the file that <c>…_FILE</c> names.</summary>
    public string? Secret(string variable) => Text(variable + "_FILE") is null ? Text(variable) : File(variable + "_FILE");

    /// <summary>The content of the file that the variable names.</summary>
    public string? File(string variable)
    {
        if (Text(variable) is not { } path) return null;
        try { return System.IO.File.ReadAllText(path).Trim(); }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Wrong($"{Full(variable)} is {path}, which cannot be read.");
            return null;
        }
    }

    public Uri? Address(string variable, string otherwise, bool sandbox)
    {
        if (!Uri.TryCreate(Text(variable) ?? otherwise, UriKind.Absolute, out var address)) Wrong($"{Full(variable)} must be an absolute address.");
        else if (address.Scheme != "https" && !(sandbox && address.IsLoopback)) Wrong($"{Full(variable)} must be https; plain http is only for the sandbox on this machine.");
        else return address;
        return null;
    }

    public bool IsOn(string variable)
    {
        if (Text(variable) is not (null or "true" or "false")) Wrong($"{Full(variable)} is true or false.");
        return Text(variable) is "true";
    }

    public string Full(string variable) => $"GUILDHALL_{name}_{variable}";

    public void Wrong(string sentence) => wrong.Add(sentence);
}
