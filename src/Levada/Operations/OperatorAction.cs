namespace Levada.Operations;

/// <summary>What an operator may ask for.</summary>
public enum OperatorAction
{
    CloseConnection,

    CloseUserConnections,

    CloseChannel,

    CancelConsumer,

    RequeueUnacknowledged,

    SetPrefetch,

    PauseChannel,

    ResumeChannel,

    CollectGarbage,

    Drain,

    Revive,

    SuspendListeners,

    ResumeListeners,

    SetUser,

    DeleteUser,

    SetPermissions,

    ClearPermissions,

    SetTopicPermissions,

    ClearTopicPermissions,

    SetPolicy,

    DeletePolicy,

    SetParameter,

    DeleteParameter,

    SetLimit,

    SetVhost,

    DeleteVhost,

    DeclareExchange,

    DeleteExchange,

    Bind,

    Unbind,

    ImportDefinitions,

    DeclareQueue,

    DeleteQueue,

    PurgeQueue,

    PauseQueue,

    ResumeQueue,

    FetchMessages,

    MoveMessages,

    ReloadConfiguration,

    SetConfiguration,

    RotateLog,

    StartTrace,

    StopTrace,

    PublishMessage,

    ResetLoginCounts,
}
