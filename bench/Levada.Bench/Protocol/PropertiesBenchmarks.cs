using BenchmarkDotNet.Attributes;
using Levada.Protocol;

namespace Levada.Bench.Protocol;

/// <summary>The properties of a message, checked and read where they lie.</summary>
public class PropertiesBenchmarks
{
    private readonly byte[] _few = new BasicProperties { DeliveryMode = 2 }.ToBytes();

    private readonly byte[] _many = new BasicProperties
    {
        ContentType = "application/json",
        Headers = new FieldTable().Add("customer", "somebody").Add("attempt", 1),
        DeliveryMode = 2,
        CorrelationId = "8f14e45f-ceea-467f-a8d6-1f2e3d4c5b6a",
        ReplyTo = "replies",
        MessageId = "1679091c-5a88-0faf-6fb5-e6087eb1b2dc",
        Timestamp = 1_767_225_600,
    }.ToBytes();

    [Benchmark(Description = "check, read the delivery mode; nothing else there")]
    public int Few() => BasicPropertiesReader.TryRead(_few, out var properties) ? properties.DeliveryMode : 0;

    [Benchmark(Description = "check seven properties with headers, read three")]
    public int Many() => BasicPropertiesReader.TryRead(_many, out var properties)
        ? properties.DeliveryMode + properties.HeadersBytes.Length + properties.CorrelationId.Length
        : 0;

    [Benchmark(Description = "decode seven properties into an object (not on a message's path)")]
    public BasicProperties Decode()
    {
        BasicProperties.TryDecode(_many, out var properties);
        return properties;
    }
}
