using Levada.Platform;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>The memory that a container leaves to the broker.</summary>
public sealed class MachineMemoryTests
{
    private const long Machine = 1000;

    [Theory]
    [InlineData("0::/", "/sys/fs/cgroup/memory.max", 300, 300)]
    [InlineData("0::/a/b", "/sys/fs/cgroup/a/b/memory.max", 300, 300)]
    [InlineData("0::/a/b", "/sys/fs/cgroup/a/memory.max", 300, 300)] // a group above counts as well
    [InlineData("0::/a/b", "/sys/fs/cgroup/c/memory.max", 300, Machine)]
    [InlineData("0::/a", "/sys/fs/cgroup/memory.max", 5000, Machine)]
    [InlineData("4:memory:/a", "/sys/fs/cgroup/memory/a/memory.limit_in_bytes", 300, 300)]
    [InlineData("4:memory:/a", "/sys/fs/cgroup/memory/memory.limit_in_bytes", 300, 300)]
    [InlineData("5:cpu,memory:/", "/sys/fs/cgroup/memory/memory.limit_in_bytes", 300, 300)]
    [InlineData("5:cpu:/", "/sys/fs/cgroup/memory/memory.limit_in_bytes", 300, Machine)]
    public void The_lowest_limit_above_the_process_counts(string group, string file, long limit, long expected) =>
        Assert.Equal(expected, MachineMemory.LowestLimit([group], name => name == file ? limit : null, Machine));

    [Fact]
    public void There_is_some() => Assert.InRange(MachineMemory.AvailableBytes(), 64L << 20, long.MaxValue);
}
