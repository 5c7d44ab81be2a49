using System.Net.Sockets;
using Guildhall.Sandbox;
using Guildhall.Sandbox.Firebase;
using Guildhall.Sandbox.Mpesa;
using Guildhall.Sandbox.State;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(SandboxOptions.Help);
    return 0;
}

try
{
    var options = SandboxOptions.FromEnvironment();
    await using var world = World.Open(options.Data, options.Keep);
    await using var app = SandboxApp.Build(options, world);
    _ = app.Services.GetRequiredService<FirebaseAccount>().KeyFile;
    _ = app.Services.GetRequiredService<MpesaAccount>().Certificate; // a file beside the memory, for the product
    await app.StartAsync();
    Console.WriteLine(
        $"Sandbox: {options.Listen} (mailbox {options.Listen}/mailbox, texts {options.Listen}/phone, mail to {options.Smtp}). No real money moves.");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception cannot) when (cannot is IOException or FormatException or UnauthorizedAccessException or SocketException)
{
    await Console.Error.WriteLineAsync($"guildhall-sandbox cannot start: {cannot.Message}");
    return 1;
}
