using System.Collections.Immutable;

namespace Levada.Catalog;

/// <summary>
/// Parameters and limits as part of a change. Everything here runs under the catalog's lock.
/// </summary>
internal static class ParameterSteps
{
    public static void Set(Change change, VHost vhost, Parameter parameter)
    {
        var key = (parameter.Component, parameter.Name);
        Show(change, vhost, vhost.NewestParameters.SetItem(key, parameter));
        change.Record.SetParameter(parameter);
        change.Events?.Set(parameter);
    }

    public static void Remove(Change change, VHost vhost, Parameter parameter)
    {
        Show(change, vhost, vhost.NewestParameters.Remove((parameter.Component, parameter.Name)));
        change.Record.RemoveParameter(parameter);
        change.Events?.Cleared(parameter);
    }

    public static void SetLimits(Change change, VHost vhost, VHostLimits limits)
    {
        vhost.NewestLimits = limits;
        change.Record.SetVHost(vhost.Name, limits);
        change.Show(() => vhost.Limits = limits);
        change.Events?.Limited(vhost.Name, limits);
    }

    private static void Show(
        Change change, VHost vhost,
        ImmutableDictionary<(string Component, string Name), Parameter> parameters)
    {
        vhost.NewestParameters = parameters;
        change.Show(() => vhost.Parameters = parameters);
    }
}
