using System.Runtime.InteropServices;

namespace Levada.Tracing;

/// <summary>
/// The head of an entry in a ring; the method with its arguments, the properties and the body follow in this order. An
/// entry is decoded when somebody reads it, not when it is made.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct TraceRecord
{
    public static int Size { get; } = Marshal.SizeOf<TraceRecord>();

    /// <summary>UTC, in ticks of 100 ns.</summary>
    public long Ticks;

    /// <summary>As the content header has it; of frames alone the octets of the payload.</summary>
    public ulong BodySize;

    /// <summary>Octets kept of the method and its arguments; of an end its text.</summary>
    public int MethodLength;

    public int PropertiesLength;

    public int BodyLength;

    public ushort Channel;

    public TraceKind Kind;

    public TraceFlags Flags;

    public readonly int PayloadLength => MethodLength + PropertiesLength + BodyLength;

    public readonly bool Has(TraceFlags flag) => (Flags & flag) != 0;
}
