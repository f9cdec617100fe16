using Levada.Protocol;

namespace Levada.Tracing;

/// <summary>
/// A message on its way through a channel in one direction: its method, then its header, then as much of its body as is
/// asked for become one entry. Belongs to its trace, under the same lock.
/// </summary>
internal sealed class TracedContent
{
    private TraceRecord _record;
    private byte[] _kept = [];

    public TraceRecord Record => _record;

    /// <summary>Octets of the body that are still to come; without a header nobody knows.</summary>
    public ulong Remaining { get; private set; }

    /// <summary>It is in the ring; what is left of it is only counted.</summary>
    public bool IsWritten { get; private set; }

    public bool HasHeader => _record.Has(TraceFlags.Header);

    /// <summary>Method, properties and body, as far as they came and fit.</summary>
    public ReadOnlySpan<byte> Kept => _kept.AsSpan(0, _record.PayloadLength);

    /// <summary>Octets of memory that it takes.</summary>
    public int Held => _kept.Length + 128;

    public void Begin(TraceRecord record, ReadOnlySpan<byte> method)
    {
        (_record, Remaining, IsWritten) = (record, 0, false);
        _record.MethodLength = Keep(method, method.Length);
    }

    public void AddHeader(ContentHeader header, int most)
    {
        _record.BodySize = Remaining = header.BodySize;
        if (header.Properties.Length > most)
            _record.Flags |= TraceFlags.PropertiesCut;
        _record.PropertiesLength = Keep(header.Properties, most);
        _record.Flags |= TraceFlags.Header;
    }

    /// <param name="part">Of the body.</param>
    /// <param name="most">Octets to keep of the whole body.</param>
    public void AddBody(ReadOnlySpan<byte> part, int most)
    {
        Remaining -= Math.Min(Remaining, (ulong)part.Length);
        if (!IsWritten)
            _record.BodyLength += Keep(part, most - _record.BodyLength);
    }

    /// <summary>Nothing that is to be kept is still to come.</summary>
    public bool IsWhole(int bodyMax) => HasHeader && (Remaining == 0 || _record.BodyLength >= bodyMax);

    public void Written() => IsWritten = true;

    private int Keep(ReadOnlySpan<byte> octets, int most)
    {
        octets = octets[..Math.Min(octets.Length, most)];
        var at = _record.PayloadLength;
        if (_kept.Length - at < octets.Length)
            Array.Resize(ref _kept, Math.Max(at + octets.Length, 2 * _kept.Length));
        octets.CopyTo(_kept.AsSpan(at));
        return octets.Length;
    }
}
