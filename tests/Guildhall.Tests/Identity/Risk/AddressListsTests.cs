using System.Net;
using Guildhall.Identity.Risk;

namespace Guildhall.Tests.Identity.Risk;

[Covers("I-11")]
public sealed class AddressListsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("guildhall").FullName;

    [Theory]
    [InlineData("185.220.101.1", "tor_exits")]
    [InlineData("::ffff:185.220.101.1", "tor_exits")]
    [InlineData("185.220.100.255", "")]
    [InlineData("2001:db8:dead::1", "tor_exits")]
    [InlineData("203.0.113.5", "tor_exits botnet")]
    [InlineData("203.0.113.6", "botnet")]
    public void An_address_is_found_in_every_list_that_names_it(string address, string lists)
    {
        var known = new AddressLists([Put("tor-exits.txt", "# exits\n185.220.101.0/24 # all of it\n\n2001:db8:dead::/48\n203.0.113.5\nnonsense\n"), Put("botnet.txt", "203.0.113.0/25\n203.0.113.0/28\n")]);
        string.Join(' ', known.Naming(IPAddress.Parse(address))).ShouldBe(lists);
        known.All.Select(l => (l.Name, l.Networks, l.Skipped, l.Problem)).ShouldBe([("tor_exits", 3, 1, null), ("botnet", 1, 0, null)]);
    }

    [Fact]
    public void A_newer_file_is_read_and_one_that_is_gone_leaves_the_last_in_use()
    {
        var file = Put("list.txt", "198.51.100.1\n");
        var known = new AddressLists([file]);
        File.WriteAllText(file, "198.51.100.2\n");
        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddSeconds(5));
        known.Look();
        (known.Naming(IPAddress.Parse("198.51.100.1")).Any(), known.Naming(IPAddress.Parse("198.51.100.2")).Any()).ShouldBe((false, true));
        File.Delete(file);
        known.Look();
        known.Naming(IPAddress.Parse("198.51.100.2")).Any().ShouldBeTrue();
        known.All.ShouldHaveSingleItem().Problem.ShouldNotBeNull();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Put(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
