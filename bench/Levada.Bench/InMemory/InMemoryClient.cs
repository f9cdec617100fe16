using Levada.Protocol;

namespace Levada.Bench.InMemory;

/// <summary>
/// A client of an <see cref="InMemoryBroker"/>: when <see cref="Send"/> returns the broker has done all that follows
/// from it. One thread.
/// </summary>
internal sealed class InMemoryClient(InMemoryBroker broker, ClientStream stream)
{
    private const int MethodAt = Frame.HeaderSize;
    private const int ArgumentsAt = MethodAt + sizeof(uint);

    /// <summary>What the broker wrote since the last <see cref="Forget"/>.</summary>
    public ReadOnlySpan<byte> Received => stream.Received.WrittenSpan;

    /// <summary>Writes by the broker so far.</summary>
    public long Writes => stream.Writes;

    public void Open()
    {
        Send(Frame.ProtocolHeader.ToArray());
        Request(0, new ConnectionStartOk(null, "PLAIN", "\0guest\0guest"u8.ToArray(), "en_US"),
            MethodId.ConnectionTune);
        Send(0, new ConnectionTuneOk(2047, 131_072, 0));
        Request(0, new ConnectionOpen("/"), MethodId.ConnectionOpenOk);
        Request(1, new ChannelOpen(), MethodId.ChannelOpenOk);
    }

    /// <summary>One read of the broker's.</summary>
    public void Send(ReadOnlyMemory<byte> frames)
    {
        var isTaken = stream.Send(frames);
        broker.Scheduler.Drain();
        if (!isTaken)
            throw new InvalidOperationException("the broker has stopped reading");
    }

    public void Send<T>(ushort channel, in T method)
        where T : IMethod<T>, allows ref struct
    {
        var frame = new byte[FrameWriter.MethodSize(method)];
        FrameWriter.WriteMethod(frame, channel, method);
        Send(frame);
    }

    /// <summary>Sends a method and forgets everything up to the reply, which must be there.</summary>
    public void Request<T>(ushort channel, in T method, uint reply)
        where T : IMethod<T>, allows ref struct
    {
        Forget();
        Send(channel, method);
        if (Count(reply, out _) == 0)
            throw new InvalidOperationException($"no {MethodId.Name(reply)} but {Describe()}");
        Forget();
    }

    /// <summary>
    /// How often the broker sent a method, and the first eight octets of its last arguments: an ack's tag.
    /// </summary>
    public int Count(uint method, out ulong last)
    {
        var count = 0;
        last = 0;
        for (var rest = Received; !rest.IsEmpty; rest = rest[((int)FrameHeader.Read(rest).Size + Frame.Overhead)..])
        {
            if (rest[0] != Frame.Method || Id(rest) != method)
                continue;
            count++;
            var arguments = new AmqpReader(rest[ArgumentsAt..]);
            if (method == MethodId.BasicDeliver)
                arguments.ShortString();
            last = arguments.U64();
        }

        return count;
    }

    public void Forget() => stream.Received.Clear();

    private static uint Id(ReadOnlySpan<byte> frame) => new AmqpReader(frame[MethodAt..]).U32();

    private string Describe()
    {
        var names = new List<string>();
        for (var rest = Received; !rest.IsEmpty; rest = rest[((int)FrameHeader.Read(rest).Size + Frame.Overhead)..])
        {
            if (rest[0] == Frame.Method)
                names.Add($"{MethodId.Name(Id(rest))} {System.Text.Encoding.ASCII.GetString(rest[ArgumentsAt..])}");
        }

        return names.Count == 0 ? "nothing" : string.Join(", ", names);
    }
}
