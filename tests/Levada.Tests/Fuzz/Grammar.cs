using System.Buffers.Binary;
using Levada.Protocol;

namespace Levada.Tests.Fuzz;

/// <summary>
/// Makes up frames that are nearly right: methods by their signature, contents, tables. A seed gives the same ones
/// again.
/// </summary>
public sealed class Grammar(Random random)
{
    // Arguments: 1, 2, 4 and 8 octets, s short string, L long string, t table, b bits (one octet).
    private static readonly (uint Id, string Signature)[] Methods =
    [
        (MethodId.ConnectionClose, "2s22"), (MethodId.ConnectionCloseOk, ""), (MethodId.ConnectionUpdateSecret, "Ls"),
        (MethodId.ConnectionStartOk, "tsLs"), (MethodId.ConnectionTuneOk, "242"), (MethodId.ConnectionOpen, "ssb"),
        (MethodId.ChannelOpen, "s"), (MethodId.ChannelFlow, "b"), (MethodId.ChannelFlowOk, "b"),
        (MethodId.ChannelClose, "2s22"), (MethodId.ChannelCloseOk, ""),
        (MethodId.ExchangeDeclare, "2ssbt"), (MethodId.ExchangeDelete, "2sb"), (MethodId.ExchangeBind, "2sssbt"),
        (MethodId.ExchangeUnbind, "2sssbt"),
        (MethodId.QueueDeclare, "2sbt"), (MethodId.QueueBind, "2sssbt"), (MethodId.QueueUnbind, "2ssst"),
        (MethodId.QueuePurge, "2sb"), (MethodId.QueueDelete, "2sb"),
        (MethodId.BasicQos, "42b"), (MethodId.BasicConsume, "2ssbt"), (MethodId.BasicCancel, "sb"),
        (MethodId.BasicGet, "2sb"), (MethodId.BasicAck, "8b"), (MethodId.BasicReject, "8b"), (MethodId.BasicNack, "8b"),
        (MethodId.BasicRecover, "b"), (MethodId.BasicRecoverAsync, "b"), (MethodId.BasicQosOk, ""),
        (MethodId.QueueDeclareOk, "s44"), (MethodId.BasicDeliver, "s8bss"),
        (MethodId.ConfirmSelect, "b"), (MethodId.TxSelect, ""), (MethodId.TxCommit, ""), (MethodId.TxRollback, ""),
        ((60 << 16) | 99, "4"), ((30 << 16) | 10, "sb"), (0, ""),
    ];

    private static readonly string[] Names =
    [
        "", "a", "b", "c", "amq.direct", "amq.topic", "amq.headers", "amq.match", "amq.rabbitmq.reply-to", "amq.mine",
        "a.*.#", "direct", "fanout", "topic", "headers", "PLAIN", "/", "naïve", "\u0001", new string('x', 255),
    ];

    private static readonly string[] Keys =
        ["x-match", "CC", "BCC", "alternate-exchange", "x-max-length", "x-priority", "x-expires", "k", ""];

    /// <summary>Something was damaged: where frames begin and end may be lost.</summary>
    public bool HasDamaged { get; private set; }

    /// <summary>
    /// One step of a client: mostly a method or a message, sometimes any frame at all; sometimes damaged.
    /// </summary>
    public byte[] NextStep()
    {
        var octets = random.Next(10) switch
        {
            < 5 => MethodFrame(),
            < 8 => Content(),
            8 => OpenAndClose(),
            _ => AnyFrame(),
        };
        return random.Next(60) == 0 ? Damage(octets) : octets;
    }

    /// <summary>The octets with some flipped, left out, doubled or put in.</summary>
    public byte[] Damage(byte[] octets)
    {
        HasDamaged = true;
        var list = octets.ToList();
        for (var i = random.Next(3); i >= 0 && list.Count > 0; i--)
        {
            var at = random.Next(list.Count);
            var count = random.Next(1, Math.Min(16, list.Count - at) + 1);
            switch (random.Next(5))
            {
                case 0: list[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: list[at] = (byte)random.Next(256); break;
                case 2: list.RemoveRange(at, count); break;
                case 3: list.InsertRange(at, list.GetRange(at, count)); break;
                default: list.InsertRange(at, Octets(random.Next(1, 5))); break;
            }
        }
        return [.. list];
    }

    private byte[] MethodFrame()
    {
        var (id, signature) = Methods[random.Next(Methods.Length)];
        var payload = new List<byte>();
        Add(payload, id, 4);
        foreach (var type in signature) AddArgument(payload, type);
        return FrameOf(Frame.Method, id >> 16 == 10 && random.Next(10) > 0 ? (ushort)0 : Channel(), payload);
    }

    private byte[] OpenAndClose()
    {
        var channel = Channel();
        var open = FrameOf(Frame.Method, channel, [0, 20, 0, 10, 0]);
        var closeOk = FrameOf(Frame.Method, channel, [0, 20, 0, 41]);
        return random.Next(3) switch { 0 => open, 1 => closeOk, _ => [.. closeOk, .. open] };
    }

    private byte[] Content()
    {
        var channel = Channel();
        var method = new List<byte> { 0, 60, 0, 40, 0, 0 };
        AddArgument(method, 's');
        AddArgument(method, 's');
        AddArgument(method, 'b');
        var body = Octets(random.Next(4) == 0 ? random.Next(3000) : random.Next(20));
        var header = new List<byte> { 0, 60, 0, 0 };
        Add(header, (ulong)(random.Next(10) == 0 ? random.NextInt64() : body.Length), 8);
        AddProperties(header);
        byte[] frames = [.. FrameOf(Frame.Method, channel, method), .. FrameOf(Frame.Header, channel, header)];
        if (body.Length == 0) return frames;
        var split = random.Next(body.Length);
        return
        [
            .. frames, .. FrameOf(Frame.Body, channel, body[..split]), .. FrameOf(Frame.Body, channel, body[split..]),
        ];
    }

    private byte[] AnyFrame() =>
        FrameOf((byte)random.Next(10), Channel(), Octets(random.Next(4) == 0 ? random.Next(5000) : random.Next(40)));

    private void AddProperties(List<byte> to)
    {
        // Few properties, mostly: with all of them every message would have a bad expiration or user-id.
        var flags = random.Next(8) == 0 ? random.Next(0x10000) : random.Next(0x10000) & random.Next(0x10000) & 0xF9F8;
        Add(to, (ulong)flags, 2);
        const string Types = "sst11ssss8ssss"; // bit 15 first
        for (var i = 0; i < Types.Length; i++)
            if ((flags & (0x8000 >> i)) != 0) AddArgument(to, Types[i]);
    }

    private void AddArgument(List<byte> to, char type)
    {
        switch (type)
        {
            case '1': Add(to, (ulong)random.Next(12), 1); break;
            case '2': Add(to, (ulong)(random.Next(3) == 0 ? random.Next(65_536) : random.Next(5)), 2); break;
            case '4': Add(to, (ulong)(random.Next(6) == 0 ? random.Next() : 0), 4); break;
            case '8': Add(to, (ulong)(random.Next(4) == 0 ? random.NextInt64() : random.Next(6)), 8); break;
            case 'b': Add(to, (ulong)random.Next(32), 1); break;
            case 's': AddShort(to, Names[random.Next(Names.Length)]); break;
            case 'L': AddLong(to, Octets(random.Next(30))); break;
            default: AddLong(to, Table(3)); break;
        }
    }

    private byte[] Table(int depth)
    {
        var entries = new List<byte>();
        for (var i = random.Next(4); i > 0; i--)
        {
            AddShort(entries, Keys[random.Next(Keys.Length)]);
            AddValue(entries, depth);
        }
        return [.. entries];
    }

    private void AddValue(List<byte> to, int depth)
    {
        var type = random.Next(30) == 0 ? (char)random.Next(256) : "tbBsuIilLfdDSATFVx"[random.Next(18)];
        to.Add((byte)type);
        switch (type)
        {
            case 't' or 'b' or 'B': Add(to, (ulong)random.Next(256), 1); break;
            case 's' or 'u': Add(to, (ulong)random.Next(65_536), 2); break;
            case 'I' or 'i' or 'f': Add(to, (ulong)random.Next(), 4); break;
            case 'l' or 'L' or 'd' or 'T': Add(to, (ulong)random.NextInt64(), 8); break;
            case 'D': to.AddRange(Octets(5)); break;
            case 'S': AddLong(to, System.Text.Encoding.UTF8.GetBytes(Names[random.Next(Names.Length)])); break;
            case 'x': AddLong(to, Octets(random.Next(9))); break;
            case 'F': AddLong(to, depth > 0 ? Table(depth - 1) : []); break;
            case 'A':
                var items = new List<byte>();
                for (var i = random.Next(3); depth > 0 && i > 0; i--) AddValue(items, depth - 1);
                AddLong(to, [.. items]);
                break;
        }
    }

    private ushort Channel() => random.Next(40) == 0 ? (ushort)random.Next(65_536) : (ushort)random.Next(1, 4);

    private byte[] Octets(int count)
    {
        var octets = new byte[count];
        random.NextBytes(octets);
        return octets;
    }

    private byte[] FrameOf(byte type, ushort channel, IReadOnlyCollection<byte> payload)
    {
        var frame = new List<byte> { type };
        Add(frame, channel, 2);
        Add(frame, (ulong)payload.Count, 4);
        frame.AddRange(payload);
        frame.Add(random.Next(200) == 0 ? (byte)random.Next(256) : Frame.End);
        return [.. frame];
    }

    private static void AddShort(List<byte> to, string text)
    {
        var octets = System.Text.Encoding.UTF8.GetBytes(text);
        to.Add((byte)octets.Length);
        to.AddRange(octets);
    }

    private static void AddLong(List<byte> to, byte[] octets)
    {
        Add(to, (ulong)octets.Length, 4);
        to.AddRange(octets);
    }

    private static void Add(List<byte> to, ulong value, int size)
    {
        Span<byte> octets = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(octets, value);
        to.AddRange(octets[^size..]);
    }
}
