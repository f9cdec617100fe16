using System.Text.Json.Serialization;

namespace Levada.Management.Api;

/// <summary>The API's types as JSON: snake_case keys, as RabbitMQ's clients expect them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorReply))]
[JsonSerializable(typeof(AlarmsReply))]
[JsonSerializable(typeof(OverviewReply))]
[JsonSerializable(typeof(IReadOnlyList<ConnectionReply>))]
[JsonSerializable(typeof(IReadOnlyList<ChannelReply>))]
[JsonSerializable(typeof(IReadOnlyList<ClosedReply>))]
[JsonSerializable(typeof(IReadOnlyList<ChurnReply>))]
[JsonSerializable(typeof(IReadOnlyList<WarningReply>))]
[JsonSerializable(typeof(TraceOrder))]
[JsonSerializable(typeof(TraceReply))]
[JsonSerializable(typeof(IReadOnlyList<AuditReply>))]
[JsonSerializable(typeof(DrainReply))]
[JsonSerializable(typeof(PrefetchRequest))]
[JsonSerializable(typeof(IReadOnlyList<UserReply>))]
[JsonSerializable(typeof(WhoAmIReply))]
[JsonSerializable(typeof(HashReply))]
[JsonSerializable(typeof(IReadOnlyList<PermissionReply>))]
[JsonSerializable(typeof(IReadOnlyList<TopicPermissionReply>))]
[JsonSerializable(typeof(IReadOnlyList<VHostReply>))]
[JsonSerializable(typeof(DryRunReply))]
[JsonSerializable(typeof(IReadOnlyList<ExchangeReply>))]
[JsonSerializable(typeof(IReadOnlyList<BindingReply>))]
[JsonSerializable(typeof(IReadOnlyList<QueueReply>))]
[JsonSerializable(typeof(IReadOnlyList<UnacknowledgedReply>))]
[JsonSerializable(typeof(IReadOnlyList<ConsumerReply>))]
[JsonSerializable(typeof(IReadOnlyList<MessageReply>))]
[JsonSerializable(typeof(IReadOnlyList<PolicyReply>))]
[JsonSerializable(typeof(IReadOnlyList<LimitsReply>))]
[JsonSerializable(typeof(IReadOnlyList<ParameterReply>))]
[JsonSerializable(typeof(MoveReply))]
internal sealed partial class ApiJson : JsonSerializerContext;
