namespace Guildhall.Tests.Web.Http;

/// <summary>The sweeps share one rich world, one after the other.</summary>
[CollectionDefinition(nameof(Sweeps))]
public sealed class Sweeps : ICollectionFixture<RichWorld>;
