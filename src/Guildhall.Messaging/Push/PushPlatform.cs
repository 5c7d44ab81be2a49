namespace Guildhall.Messaging.Push;

/// <summary>What kind of device shows a push message.</summary>
public enum PushPlatform { Android, Ios, Web }
