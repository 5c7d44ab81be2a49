using System.Collections.Concurrent;

namespace Guildhall.BrowserTests.Support;

/// <summary>Keeps pages as pictures in artifacts/screenshots, for people to look at, and notes what no page may do: scroll sideways, weigh too much.</summary>
internal sealed class Camera
{
    private const int MaxBytes = 60_000;
    private const int MaxHeight = 6000;

    // Both widths and both themes in each language would be twice as many pictures, and twice the time, for little more to see.
    private static readonly (int Width, int Height, string English, string Arabic)[] Sizes = [(390, 844, "dark", "light"), (1440, 900, "light", "dark")];
    private static readonly string Folder = Tests.Support.Tree.Path("artifacts/screenshots");

    public ConcurrentQueue<string> Faults { get; } = new();

    public async Task Take(IPage page, string name, bool everyLanguage)
    {
        Directory.CreateDirectory(Folder);
        await Shoot(page, $"{name}-en");
        if (everyLanguage)
        {
            await Speak(page, "ar");
            await Shoot(page, $"{name}-ar");
            await Speak(page, "en");
        }
        await page.SetViewportSizeAsync(1440, 900);
    }

    private async Task Shoot(IPage page, string name)
    {
        await Eventually.True(() => page.EvaluateAsync<bool>("document.readyState === 'complete'"), $"{name} is not loaded");
        foreach (var (width, least, english, arabic) in Sizes)
        {
            // As tall as the page: what is fixed to the window's edge then stands at the page's edge.
            await page.SetViewportSizeAsync(width, least);
            var height = await page.EvaluateAsync<int>("document.documentElement.scrollHeight");
            await page.SetViewportSizeAsync(width, Math.Clamp(height, least, MaxHeight));
            var theme = name.EndsWith("-ar", StringComparison.Ordinal) ? arabic : english;
            await page.EvaluateAsync("theme => { document.documentElement.dataset.theme = theme; }", theme);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{width}-{theme}.png"), Animations = ScreenshotAnimations.Disabled });
            if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth")) Faults.Enqueue($"{name} scrolls sideways at {width}");
        }
        await page.EvaluateAsync("() => { delete document.documentElement.dataset.theme; }");
        var bytes = await page.EvaluateAsync<int>("performance.getEntriesByType('navigation')[0].decodedBodySize");
        if (bytes > MaxBytes) Faults.Enqueue($"{name} weighs {bytes} bytes");
    }

    private static async Task Speak(IPage page, string language)
    {
        await page.Context.AddCookiesAsync([new() { Name = "lang", Value = language, Domain = "localhost", Path = "/" }]);
        await page.ReloadAsync();
    }
}
