using System.Runtime.InteropServices;

namespace Levada.Storage;

/// <summary>
/// What memory holds about one message in a window: 16 bytes. An entry without a location is settled (or a hole).
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Entry
{
    private const uint UnackedBit = 1, RedeliveredBit = 2, SharedBit = 4;
    private const int CountShift = 8;
    private const uint CountMax = uint.MaxValue >> CountShift;

    public Location Location;

    /// <summary>Length of the body in bytes.</summary>
    public int BodyBytes;

    private uint _marks;

    public readonly bool IsLive => !Location.IsNone;

    /// <summary>A consumer holds it.</summary>
    public bool IsUnacked
    {
        readonly get => (_marks & UnackedBit) != 0;
        set => _marks = value ? _marks | UnackedBit : _marks & ~UnackedBit;
    }

    public bool IsRedelivered
    {
        readonly get => (_marks & RedeliveredBit) != 0;
        set => _marks = value ? _marks | RedeliveredBit : _marks & ~RedeliveredBit;
    }

    /// <summary>Its bytes were enqueued to several queues and are large enough to be kept once.</summary>
    public bool IsShared
    {
        readonly get => (_marks & SharedBit) != 0;
        set => _marks = value ? _marks | SharedBit : _marks & ~SharedBit;
    }

    /// <summary>Counted delivery attempts; stops at 16,777,215.</summary>
    public int DeliveryCount
    {
        readonly get => (int)(_marks >> CountShift);
        set => _marks = (_marks & ((1u << CountShift) - 1)) | (Math.Min((uint)value, CountMax) << CountShift);
    }
}
