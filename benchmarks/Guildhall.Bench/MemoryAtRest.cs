namespace Guildhall.Bench;

/// <summary>Resident memory of the program 20 seconds after it became ready, having answered a few pages.</summary>
internal static class MemoryAtRest
{
    public static async Task Run(Machine machine)
    {
        await using var program = await Product.Start(machine);
        using var http = new HttpClient { BaseAddress = program.Address };
        for (var i = 0; i < 20; i++) await http.GetAsync("/");
        await Task.Delay(TimeSpan.FromSeconds(20));
        machine.Row("resident memory at rest", $"{program.ResidentMegabytes} MB", "", "", "≤ 250 MB", "the runtime and compiled code; the heap is small");
    }
}
