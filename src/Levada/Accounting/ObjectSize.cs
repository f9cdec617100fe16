using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Levada.Accounting;

/// <summary>What objects take of the heap, in bytes, headers and padding included.</summary>
internal static class ObjectSize
{
    /// <summary>An action or a function.</summary>
    public const int Delegate = 64;

    private const DynamicallyAccessedMemberTypes Constructors =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors;

    private const int ArrayHeader = 24;
    private const int StringHeader = 22;
    private const int NodeBytes = 64;

    // From this size on an array lies in a heap of its own.
    private const int LargeFrom = 85_000;

    /// <summary>An instance of a class, without what it refers to.</summary>
    public static long Of<[DynamicallyAccessedMembers(Constructors)] T>()
        where T : class => Measured<T>.Bytes;

    /// <summary>All that is made by making something.</summary>
    public static long OfAll(Func<object> make)
    {
        // What comes first may bring classes into memory.
        make();
        var before = GC.GetAllocatedBytesForCurrentThread();
        make();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>An array with room for so many elements; none if that is none, as empty ones are shared.</summary>
    public static long Array<T>(long length) =>
        length == 0 ? 0 : Aligned(ArrayHeader + (length * Unsafe.SizeOf<T>()));

    public static long String(string? text) => text is null or "" ? 0 : Aligned(StringHeader + (2 * text.Length));

    /// <summary>The bytes of an array if it lies in the heap of large ones, else 0.</summary>
    public static long Large(long bytes) => bytes >= LargeFrom ? bytes : 0;

    /// <summary>The array of a list.</summary>
    public static long Room<T>(List<T>? list) => list is null ? 0 : Array<T>(list.Capacity);

    public static long Room<TKey, TValue>(Dictionary<TKey, TValue>? table)
        where TKey : notnull =>
        table is null ? 0 : Array<int>(table.Capacity) + Array<(int, int, TKey, TValue)>(table.Capacity);

    public static long Room<T>(HashSet<T>? set) =>
        set is null ? 0 : Array<int>(set.Capacity) + Array<(int, int, T)>(set.Capacity);

    /// <summary>Entries of a trie, or of a dictionary for several threads: each is a node, or nearly.</summary>
    public static long Nodes(long count) => count * NodeBytes;

    private static long Aligned(long bytes) => (bytes + 7) & ~7L;

    // The runtime tells no sizes. It tells what a thread has allocated, to the byte: so one of each is made, once.
    private static class Measured<[DynamicallyAccessedMembers(Constructors)] T>
        where T : class
    {
        public static readonly long Bytes = OfAll(static () => RuntimeHelpers.GetUninitializedObject(typeof(T)));
    }
}
