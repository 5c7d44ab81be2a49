using Guildhall.Messaging.Voice;

namespace Guildhall.Web.Host.Gateways;

/// <summary><c>GUILDHALL_ELEVENLABS_…</c>: who reads reminders out. Without a key, nobody.</summary>
internal static class VoiceSettings
{
    public static VoiceOptions Read(IConfiguration config, bool sandbox, List<string> wrong)
    {
        var set = new GatewayVariables(config, "ELEVENLABS", wrong);
        var (key, voice) = (set.Secret("KEY"), set.Text("VOICE"));
        if (key is null != voice is null) set.Wrong("GUILDHALL_ELEVENLABS_KEY and GUILDHALL_ELEVENLABS_VOICE belong together: set both or none.");
        if (!sandbox && key is "guildhall_sandbox_elevenlabs_key") set.Wrong("GUILDHALL_ELEVENLABS_KEY is the sandbox's. Put your own key.");
        return new VoiceOptions(set.Address("API", "https://api.elevenlabs.io", sandbox) ?? VoiceOptions.None.Api, key, voice ?? "", set.Text("VOICE_AR") ?? voice ?? "", set.Text("MODEL") ?? VoiceOptions.None.Model);
    }
}
