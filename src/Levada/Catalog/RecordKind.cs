namespace Levada.Catalog;

/// <summary>
/// What one step of a record in the catalog's log says. The numbers are on disk: they are never changed or used again.
/// </summary>
internal enum RecordKind : byte
{
    /// <summary>No step: everything up to the record number that follows was durable when this was written.</summary>
    Durable = 1,
    Epoch = 2,
    QueueIds = 3,
    VHostSet = 10,
    VHostRemoved = 11,
    UserSet = 12,
    UserRemoved = 13,
    VHostMetadataSet = 14,
    ExchangeAdded = 20,
    ExchangeRemoved = 21,
    QueueAdded = 22,
    QueueRemoved = 23,
    BindingAdded = 24,
    BindingRemoved = 25,

    /// <summary>An exchange with a queue behind it, where messages wait that are held back.</summary>
    DelayedExchangeAdded = 26,

    /// <summary>A queue whose type its arguments do not say.</summary>
    TypedQueueAdded = 27,

    /// <summary>A queue's deliveries are stopped, or go on.</summary>
    QueuePaused = 28,

    /// <summary>An exchange that was there gets a queue behind it, as a policy has it hold messages back.</summary>
    ExchangeDelayed = 29,
    PolicySet = 30,
    PolicyRemoved = 31,
    ParameterSet = 32,
    ParameterRemoved = 33,
    GlobalParameterSet = 34,
    GlobalParameterRemoved = 35,
}
