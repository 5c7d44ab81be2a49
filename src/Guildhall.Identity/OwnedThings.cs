using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Identity;

/// <summary>Whose sessions, devices, passkeys and exports are.</summary>
internal static class OwnedThings
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddOwned(OwnedThing.Of<SessionId>("session", "select account_id <> @me from identity.sessions where id = @id"));
        services.AddOwned(OwnedThing.Of<DeviceId>("device", "select account_id <> @me from identity.devices where id = @id"));
        services.AddOwned(OwnedThing.Of<PasskeyId>("passkey", "select account_id <> @me from identity.passkeys where id = @id"));
        services.AddOwned(OwnedThing.Of<ExportId>("export", "select account_id <> @me from identity.exports where id = @id"));
    }
}
