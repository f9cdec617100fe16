using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Levada.Configuration;

namespace Levada.Management.Api;

/// <summary>The API's types as JSON: snake_case keys, as RabbitMQ's clients expect them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorReply))]
[JsonSerializable(typeof(AlarmsReply))]
[JsonSerializable(typeof(OverviewReply))]
[JsonSerializable(typeof(ConnectionReply))]
[JsonSerializable(typeof(ChannelReply))]
[JsonSerializable(typeof(ClosedReply))]
[JsonSerializable(typeof(ChurnReply))]
[JsonSerializable(typeof(WarningReply))]
[JsonSerializable(typeof(TraceOrder))]
[JsonSerializable(typeof(TraceReply))]
[JsonSerializable(typeof(AuditReply))]
[JsonSerializable(typeof(DrainReply))]
[JsonSerializable(typeof(PrefetchRequest))]
[JsonSerializable(typeof(UserReply))]
[JsonSerializable(typeof(WhoAmIReply))]
[JsonSerializable(typeof(HashReply))]
[JsonSerializable(typeof(PermissionReply))]
[JsonSerializable(typeof(TopicPermissionReply))]
[JsonSerializable(typeof(VHostReply))]
[JsonSerializable(typeof(DryRunReply))]
[JsonSerializable(typeof(ExchangeReply))]
[JsonSerializable(typeof(BindingReply))]
[JsonSerializable(typeof(QueueReply))]
[JsonSerializable(typeof(UnacknowledgedReply))]
[JsonSerializable(typeof(ConsumerReply))]
[JsonSerializable(typeof(IReadOnlyList<MessageReply>))]
[JsonSerializable(typeof(PolicyReply))]
[JsonSerializable(typeof(LimitsReply))]
[JsonSerializable(typeof(ParameterReply))]
[JsonSerializable(typeof(MoveReply))]
[JsonSerializable(typeof(IReadOnlyList<ConnectionGroupReply>))]
[JsonSerializable(typeof(IReadOnlyList<ConfigurationRow>))]
[JsonSerializable(typeof(ReloadReply))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(LogLineReply))]
internal sealed partial class ApiJson : JsonSerializerContext;
