using Levada.Protocol;

namespace Levada.Events;

/// <summary>Something that happened in the broker.</summary>
/// <param name="Key">Such as queue.created.</param>
/// <param name="Headers">What there is to say of it; shared by all who hear of it.</param>
public sealed record BrokerEvent(string Key, FieldTable Headers);
