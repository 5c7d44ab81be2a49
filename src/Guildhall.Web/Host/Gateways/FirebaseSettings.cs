using Guildhall.Messaging.Push.Firebase;

namespace Guildhall.Web.Host.Gateways;

/// <summary>What the operator says about push messages: <c>GUILDHALL_FIREBASE_…</c>.</summary>
internal static class FirebaseSettings
{
    public static FirebaseOptions? Read(IConfiguration config, bool sandbox, List<string> wrong)
    {
        var set = new GatewayVariables(config, "FIREBASE", wrong);
        var (account, before) = (set.Secret("ACCOUNT"), wrong.Count);
        if (account is null)
        {
            if (set.Text("API") is not null && set.Text("ACCOUNT_FILE") is null) set.Wrong("GUILDHALL_FIREBASE_API is set and GUILDHALL_FIREBASE_ACCOUNT_FILE is not: name the key file of the service account, or unset both.");
            return null;
        }
        if (set.Address("API", "https://fcm.googleapis.com", sandbox) is not { } api) return null;
        if (FirebaseOptions.Read(api, account) is not { } options)
        {
            set.Wrong("GUILDHALL_FIREBASE_ACCOUNT, or the file that GUILDHALL_FIREBASE_ACCOUNT_FILE names, is not the key file of a service account. Download a new one: Firebase console, project settings, service accounts.");
            return null;
        }
        if (options.Tokens.Scheme != "https" && !(sandbox && options.Tokens.IsLoopback)) set.Wrong("GUILDHALL_FIREBASE_ACCOUNT has a token_uri that is not https. It is https://oauth2.googleapis.com/token in every key file of Google.");
        if (!sandbox && options.Project is "guildhall-sandbox") set.Wrong("GUILDHALL_FIREBASE_ACCOUNT is the sandbox's. Put your own.");
        return wrong.Count == before ? options : null;
    }
}
