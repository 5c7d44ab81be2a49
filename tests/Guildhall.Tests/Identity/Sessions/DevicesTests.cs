using System.Diagnostics;
using Guildhall.Identity.Sessions;

namespace Guildhall.Tests.Identity.Sessions;

public sealed class DevicesTests
{
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36";

    [Theory, Covers("I-5")]
    [InlineData(Chrome, DeviceType.Computer, "Chrome 138 on Windows")]
    [InlineData(Chrome + " Edg/138.0.0.0", DeviceType.Computer, "Edge 138 on Windows")]
    [InlineData(Chrome + " OPR/120.0.0.0", DeviceType.Computer, "Opera 120 on Windows")]
    [InlineData(Chrome + " Vivaldi/7.4", DeviceType.Computer, "Vivaldi 7 on Windows")]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0", DeviceType.Computer, "Firefox 115 on Windows 7")]
    [InlineData("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", DeviceType.Computer, "Firefox 140 on Linux")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", DeviceType.Computer, "Safari 26 on macOS")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36", DeviceType.Computer, "Chrome 138 on ChromeOS")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", DeviceType.Phone, "Safari 17 on iPhone (iOS 17)")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1", DeviceType.Phone, "Safari 26 on iPhone")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", DeviceType.Phone, "Chrome 126 on iPhone (iOS 17)")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/127.0 Mobile/15E148 Safari/605.1.15", DeviceType.Phone, "Firefox 127 on iPhone (iOS 17)")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 EdgiOS/126.0.2592.56 Mobile/15E148 Safari/604.1", DeviceType.Phone, "Edge 126 on iPhone (iOS 17)")]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1", DeviceType.Tablet, "Safari 16 on iPad (iOS 16)")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36", DeviceType.Phone, "Chrome 138 on Android")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36 EdgA/138.0.0.0", DeviceType.Phone, "Edge 138 on Android")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", DeviceType.Phone, "Samsung Internet 25 on Android 14")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; SM-X900) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36", DeviceType.Tablet, "Chrome 121 on Android 13")]
    [InlineData("Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", DeviceType.Phone, "Firefox 127 on Android 14")]
    [InlineData("Guildhall/3.1 (iPhone; iOS 17.5)", DeviceType.Program, "Guildhall app 3")]
    [InlineData("curl/8.5.0", DeviceType.Program, "curl 8")]
    [InlineData("okhttp/4.12.0", DeviceType.Program, "okhttp 4")]
    [InlineData("python-requests/2.32.0", DeviceType.Program, "Python 2")]
    [InlineData("PostmanRuntime/7.39.0", DeviceType.Program, "Postman 7")]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", DeviceType.Program, "Googlebot")]
    [InlineData("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116.0.1938.76 Safari/537.36", DeviceType.Program, "Bingbot")]
    [InlineData("SomeCrawler/1.0 (spider)", DeviceType.Program, "A robot")]
    [InlineData("Something of its own", DeviceType.Unknown, "Unknown device")]
    [InlineData("", DeviceType.Unknown, "Unknown device")]
    [InlineData(null, DeviceType.Unknown, "Unknown device")]
    public void A_device_is_named_as_its_owner_would(string? agent, DeviceType type, string name)
    {
        var device = Devices.Read(agent);
        device.ToString().ShouldBe(name);
        device.Type.ShouldBe(type);
    }

    [Fact, Covers("identity-47")]
    public void No_text_takes_long_or_throws()
    {
        string[] texts = [new('(', 100_000), string.Concat(Enumerable.Repeat("Mozilla/5.0 (", 20_000)),
            "Chrome/" + new string('9', 100_000), "Mozilla/5.0 Chrome/99999 Safari/1 \0\u2028", "Android " + new string(' ', 50_000), "Mozilla/5.0 Edg/", "\ud800"];
        var watch = Stopwatch.StartNew();
        foreach (var text in texts) Devices.Describe(text).Length.ShouldBeLessThan(100);
        watch.ElapsedMilliseconds.ShouldBeLessThan(50);
    }
}
