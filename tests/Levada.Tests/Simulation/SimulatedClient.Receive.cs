using System.Buffers.Binary;
using Levada.Protocol;
using static Levada.Tests.Simulation.Invariant;

namespace Levada.Tests.Simulation;

/// <summary>From bytes to frames to the session they are for.</summary>
internal sealed partial class SimulatedClient
{
    /// <summary>Reads up to so many bytes of those that are there, and acts on the whole frames among them.</summary>
    public void Receive(int count)
    {
        _in.Add(Stream.Receive(count));
        while (TakeFrame() is { } frame)
            Handle(frame);
        if (Stream.ServerHasEnded && Stream.Readable == 0)
            SeeEnd();
    }

    private void SeeEnd()
    {
        if (_in.Count > 0 && State != ClientState.Over)
            throw new SimulationFailure(S1_frames_are_well_formed, $"{Name}: ended within a frame");
        if (State != ClientState.Over)
            throw new SimulationFailure(S16_errors_have_a_cause, $"{Name}: ended in {State} without close");
        Stream.End();
    }

    private (byte Type, ushort Channel, byte[] Payload)? TakeFrame()
    {
        if (_in.Count < Frame.HeaderSize)
            return null;
        var header = FrameHeader.Read(_in.Span);
        if (header.Type is not (Frame.Method or Frame.Header or Frame.Body)
            || header.Size + Frame.Overhead > FrameMax)
        {
            throw new SimulationFailure(S1_frames_are_well_formed, $"{Name}: {header}");
        }
        var size = (int)header.Size + Frame.Overhead;
        if (_in.Count < size)
            return null;
        var frame = _in.Take(size);
        if (frame[^1] != Frame.End)
            throw new SimulationFailure(S1_frames_are_well_formed, $"{Name}: {header} ends with {frame[^1]}");
        return (header.Type, header.Channel, frame[Frame.HeaderSize..^1]);
    }

    private void Handle((byte Type, ushort Channel, byte[] Payload) frame)
    {
        if (Stream.IsCut)
            return;
        var method = frame.Type == Frame.Method ? BinaryPrimitives.ReadUInt32BigEndian(frame.Payload) : 0;
        if (State == ClientState.Over && method != MethodId.ConnectionCloseOk)
        {
            throw new SimulationFailure(
                S2_nothing_follows_a_close,
                $"{Name}.{frame.Channel}: {MethodId.Name(method)} after the connection's close");
        }
        if (frame.Channel == 0)
        {
            HandleConnectionMethod(method, frame.Payload.AsSpan(4));
            return;
        }
        if (IsFree(frame.Channel))
        {
            throw new SimulationFailure(
                S2_nothing_follows_a_close,
                $"{Name}.{frame.Channel}: {MethodId.Name(method)} on a number that is not open");
        }
        var sessions = _channels[frame.Channel];
        var session = sessions.Peek();
        switch (frame.Type)
        {
            case Frame.Header:
                session.HandleHeader(frame.Payload);
                break;
            case Frame.Body:
                session.HandleBody(frame.Payload);
                break;
            default:
                session.HandleMethod(method, frame.Payload.AsSpan(4));
                break;
        }
        if (session.IsOver && State != ClientState.Over)
            sessions.Dequeue();
    }
}
