using System.Runtime.CompilerServices;

namespace Levada.Tests;

/// <summary>
/// Tests block pool threads while they wait on sockets; the broker in the same process needs some of its own.
/// </summary>
internal static class PoolThreads
{
#pragma warning disable CA2255 // A test assembly is an application, not a library.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Reserve() => ThreadPool.SetMinThreads(32, 8);
}
