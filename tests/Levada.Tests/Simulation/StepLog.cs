using System.Runtime.CompilerServices;

namespace Levada.Tests.Simulation;

/// <summary>The last steps of a run, kept only when a failed seed is run again to be told.</summary>
internal sealed class StepLog(bool isOn)
{
    private const int Kept = 250;

    private readonly Queue<string> _lines = new();
    private int _count;

    public bool IsOn => isOn;

    public void Note([InterpolatedStringHandlerArgument("")] ref Line line)
    {
        if (isOn)
            Note(line.Text);
    }

    public void Note(string line)
    {
        if (_lines.Count == Kept)
            _lines.Dequeue();
        _lines.Enqueue($"{++_count,6} {line}");
    }

    public override string ToString() => string.Join('\n', _lines);

    /// <summary>Text that is put together only if it is kept.</summary>
    [InterpolatedStringHandler]
    internal ref struct Line
    {
        private DefaultInterpolatedStringHandler _text;

        public Line(int literalLength, int formattedCount, StepLog log, out bool isOn)
        {
            isOn = log.IsOn;
            _text = isOn ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
        }

        public Line(int literalLength, int formattedCount, SimulatedChannel channel, out bool isOn)
            : this(literalLength, formattedCount, channel.World.Log, out isOn)
        {
        }

        public string Text => _text.ToStringAndClear();

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);
    }
}
