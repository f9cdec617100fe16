using Xunit;

namespace Levada.Tests;

/// <summary>For tests that measure the process as a whole: nothing runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
