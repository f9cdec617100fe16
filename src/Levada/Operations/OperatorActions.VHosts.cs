using Levada.Amqp;
using Levada.Catalog;

namespace Levada.Operations;

// Virtual hosts. All of it is an administrator's.
public sealed partial class OperatorActions
{
    /// <summary>
    /// Adds a virtual host, where who asks gets all permissions, or changes what is said of the one there is.
    /// </summary>
    /// <param name="by">Who asks.</param>
    /// <param name="name">Which.</param>
    /// <param name="alter">From what is said of it, of a new one nothing, to what shall be.</param>
    public Task<OperatorResult> SetVHostAsync(
        OperatorRequest by, string name, Func<VHostMetadata, VHostMetadata> alter) => ChangeAsync(
            by, OperatorAction.SetVhost, $"vhost '{name}'",
            done => _broker.Catalog.PutVHost(name, alter, by.User, _ => done(OperatorResult.Done)));

    /// <summary>Deletes a virtual host with all in it; its connections are closed. Not a protected one.</summary>
    public Task<OperatorResult> DeleteVHostAsync(OperatorRequest by, string name) => ChangeAsync(
        by, OperatorAction.DeleteVhost, $"vhost '{name}'",
        done =>
        {
            if (_broker.Catalog.FindVHost(name) is { Metadata.IsProtected: true })
                done(new OperatorResult(OperatorOutcome.Refused, Errors.VHostProtected(name).Text));
            else
                _broker.Catalog.DeleteVHost(name, found => done(Found(found)), by.User);
        });
}
