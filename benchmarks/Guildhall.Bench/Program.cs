using Guildhall.Bench;

const string Help = """
    ./bench [question …]   with no question: all of them
      settle    settle a payment, with and without a booking behind its order, against the least SQL with the same zero-sum check
      postings  journals through one platform account and between random providers, against the least SQL with and without a hot row
      sealing   what the seal costs whoever posts
      batch     10,000 withdrawals become a batch for the bank
      growth    settle and postings with ten thousand and with a million journals in the books
      web       GET /api/v1/me with its session check, and an empty endpoint, against each other and against bare Kestrel
      jobs      jobs enqueued and done per second
      identity  session checks against better-auth (needs Node.js and npm), sign-ins against the hash alone, refreshes, a flood of sign-ins, revocation on two nodes
      slots     free slots of 28 days for one provider
      search    services by their first free time among 500 providers, and by words
      sessions  the staff's page of sessions on a million of them
      memory    resident memory at rest
    Each pair is measured in one run on this machine, alternating, three times; medians and ratios are printed.
    """;

if (args.Contains("--help", StringComparer.Ordinal)) { Console.WriteLine(Help); return 0; }
var all = new Dictionary<string, Func<Machine, Task>>(StringComparer.Ordinal)
{
    ["settle"] = SettleAPayment.Run, ["postings"] = Postings.Run, ["sealing"] = Sealing.Run, ["batch"] = PayoutsInABatch.Run, ["growth"] = Growth.Run,
    ["web"] = WebEndpoints.Run, ["identity"] = Identity.Run, ["sessions"] = AdminSessions.Run, ["jobs"] = JobsThroughput.Run, ["slots"] = SlotsOfAMonth.Run, ["search"] = SearchFirstFree.Run, ["memory"] = MemoryAtRest.Run,
};
if (args.FirstOrDefault(a => !all.ContainsKey(a)) is { } unknown) { Console.Error.WriteLine($"There is no question `{unknown}`.\n{Help}"); return 2; }

await using var machine = await Machine.Prepare();
foreach (var (name, question) in all.Where(q => args.Length == 0 || args.Contains(q.Key, StringComparer.Ordinal)))
{
    Console.WriteLine($"… {name}");
    await question(machine);
}
machine.Print();
return 0;
