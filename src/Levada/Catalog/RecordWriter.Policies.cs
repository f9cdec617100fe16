using Levada.Policies;

namespace Levada.Catalog;

// Policies and parameters.
internal sealed partial class RecordWriter
{
    public void SetPolicy(Policy policy)
    {
        Step(RecordKind.PolicySet);
        Text(policy.VHost);
        Text(policy.Name);
        Bool(policy.IsOperator);
        Text(policy.Pattern.Text);
        Text(policy.ApplyTo.Name());
        I32(policy.Priority);
        Table(policy.Definition);
    }

    public void RemovePolicy(Policy policy)
    {
        Step(RecordKind.PolicyRemoved);
        Text(policy.VHost);
        Text(policy.Name);
        Bool(policy.IsOperator);
    }

    public void SetParameter(Parameter parameter)
    {
        Step(RecordKind.ParameterSet);
        Text(parameter.VHost);
        Text(parameter.Component);
        Text(parameter.Name);
        Text(parameter.Json);
    }

    public void RemoveParameter(Parameter parameter)
    {
        Step(RecordKind.ParameterRemoved);
        Text(parameter.VHost);
        Text(parameter.Component);
        Text(parameter.Name);
    }

    public void SetGlobalParameter(string name, string json)
    {
        Step(RecordKind.GlobalParameterSet);
        Text(name);
        Text(json);
    }

    public void RemoveGlobalParameter(string name)
    {
        Step(RecordKind.GlobalParameterRemoved);
        Text(name);
    }
}
