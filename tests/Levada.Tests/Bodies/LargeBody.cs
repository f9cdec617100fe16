using System.Security.Cryptography;
using Levada.Protocol;

namespace Levada.Tests.Bodies;

/// <summary>Bodies made from a number, frame by frame, so that a test holds none of them.</summary>
internal static class LargeBody
{
    public const int MiB = 1 << 20;

    private const int Part = 131_064;

    public static BasicProperties Persistent { get; } = new() { DeliveryMode = 2 };

    public static byte[] Make(int seed, int size)
    {
        var body = new byte[size];
        new Random(seed).NextBytes(body);
        return body;
    }

    /// <summary>Files that hold bodies now.</summary>
    public static string[] Files(string dataFolder)
    {
        var folder = Path.Combine(dataFolder, "bodies");
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }

    /// <summary>Waits for so many files: they go on a thread of their own, and nothing tells of it.</summary>
    public static async Task UntilFilesAsync(string dataFolder, int count)
    {
        for (var deadline = DateTime.UtcNow + RawConnection.Patience; Files(dataFolder).Length != count;)
        {
            if (DateTime.UtcNow > deadline)
                throw new AmqpExpectationException($"{Files(dataFolder).Length} bodies instead of {count}");
            await Task.Delay(20);
        }
    }

    /// <summary>Publishes a body that is never in memory as a whole; returns its hash.</summary>
    public static byte[] Stream(RawConnection connection, ushort channel, string queue, int seed, int size)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var random = new Random(seed);
        var part = new byte[Part];
        connection.SendPublishMethod(channel, "", queue);
        connection.SendHeader(channel, (ulong)size, Persistent);
        for (var left = size; left > 0; left -= part.Length)
        {
            part = part.Length > left ? new byte[left] : part;
            random.NextBytes(part);
            hash.AppendData(part);
            connection.SendBody(channel, part);
        }
        return hash.GetHashAndReset();
    }

    /// <summary>The hash of the body that follows a deliver or get-ok.</summary>
    public static byte[] ReceiveHash(RawConnection connection, ushort channel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var left = ExpectHeader(connection, channel); left > 0;)
        {
            var frame = connection.Receive();
            if (frame.Type != Frame.Body || frame.Channel != channel)
                throw new AmqpExpectationException($"expected a body frame on channel {channel}, got {frame}");
            hash.AppendData(frame.Payload);
            left -= (ulong)frame.Payload.Length;
        }
        return hash.GetHashAndReset();
    }

    /// <summary>The next frame is a content header; returns the size of its body.</summary>
    public static ulong ExpectHeader(RawConnection connection, ushort channel)
    {
        var frame = connection.Receive();
        if (frame.Type != Frame.Header || frame.Channel != channel
            || !ContentHeader.TryRead(frame.Payload, out var header))
        {
            throw new AmqpExpectationException($"expected a content header on channel {channel}, got {frame}");
        }
        return header.BodySize;
    }
}
