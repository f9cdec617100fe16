namespace Levada.Tracing;

/// <summary>What a trace is to record.</summary>
/// <param name="Channel">Of this channel number only; null for the whole connection.</param>
/// <param name="Bytes">Size of its ring.</param>
/// <param name="BodyMax">Octets of each body to keep; 0 for none.</param>
/// <param name="Time">When it stops by itself.</param>
/// <param name="StartedBy">Who asked for it.</param>
public sealed record TraceRequest(ushort? Channel, int Bytes, int BodyMax, TimeSpan Time, string StartedBy);
