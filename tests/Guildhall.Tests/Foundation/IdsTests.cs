using System.Text.Json;
using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Foundation;

public sealed class IdsTests
{
    internal readonly record struct ThingId(Guid Value) : IId<ThingId>
    {
        public static string Prefix => "thg";
        public static ThingId From(Guid value) => new(value);
    }

    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Written_and_read_back_it_is_the_same_id()
    {
        for (var i = 0; i < 2000; i++)
        {
            var id = i switch { 0 => new ThingId(Guid.Empty), 1 => new ThingId(Guid.Parse("ffffffff-ffff-ffff-ffff-ffffffffffff")), _ => new ThingId(Guid.NewGuid()) };
            var text = Id.Format(id);
            text.ShouldMatch("^thg_[0-9a-z]{26}$");
            Id.TryParse<ThingId>(text, out var read).ShouldBeTrue();
            read.ShouldBe(id);
        }
    }

    [Fact]
    public void The_order_of_the_text_is_the_order_of_time()
    {
        var texts = Enumerable.Range(0, 500).Select(i => Id.Format(Id.New<ThingId>(Noon.AddMilliseconds(i * 7)))).ToArray();
        texts.Order(StringComparer.Ordinal).ShouldBe(texts);
        texts.Distinct(StringComparer.Ordinal).Count().ShouldBe(texts.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("thg_")]
    [InlineData("pay_01k9z3q4r5s6t7v8w9x0y1z2a3")]
    [InlineData("thg_01k9z3q4r5s6t7v8w9x0y1z2a")]
    [InlineData("thg_01k9z3q4r5s6t7v8w9x0y1z2a3b")]
    [InlineData("thg_01K9Z3Q4R5S6T7V8W9X0Y1Z2A3")]
    [InlineData("thg_01k9z3q4r5s6t7v8w9x0y1z2il")]
    [InlineData("thg_zzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("thg-01k9z3q4r5s6t7v8w9x0y1z2a3")]
    public void Anything_else_is_no_id(string text) => Id.TryParse<ThingId>(text, out _).ShouldBeFalse();

    [Fact]
    public void In_json_an_id_is_its_text_and_a_bare_uuid_is_refused()
    {
        var id = Id.New<ThingId>(Noon);
        JsonSerializer.Serialize(id, JsonRules.Options).ShouldBe($"\"{Id.Format(id)}\"");
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<ThingId>($"\"{id.Value}\"", JsonRules.Options));
    }

    [Fact]
    public void No_two_kinds_of_id_share_a_prefix()
    {
        // A person of Messaging is the account of Identity, a service that Content names is the marketplace's; they do not know these: one id, said by two.
        var prefixes = Product.Modules.Values.SelectMany(a => a.GetTypes()).Where(t => t.IsValueType && typeof(IId).IsAssignableFrom(t) && !t.IsGenericType && t.FullName is not "Guildhall.Messaging.PersonId"
            and not "Guildhall.Content.Text.ContentKinds+ServiceName")
            .Select(t => (t.FullName, Prefix: (string)t.GetProperty("Prefix")!.GetValue(null)!)).ToArray();
        prefixes.GroupBy(p => p.Prefix, StringComparer.Ordinal).Where(g => g.Count() > 1).ShouldBeEmpty();
    }
}
