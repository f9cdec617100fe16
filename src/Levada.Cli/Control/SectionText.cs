using System.Text;

namespace Levada.Cli.Control;

/// <summary>Text in sections with titles, bold on a terminal.</summary>
internal sealed class SectionText(bool isOnTerminal)
{
    private readonly StringBuilder _text = new();

    public void Section(string title, params string[] lines)
    {
        _text.Append(isOnTerminal ? $"\e[1m{title}\e[0m\n\n" : $"{title}\n\n");
        foreach (var line in lines)
            _text.Append(line).Append('\n');
        _text.Append('\n');
    }

    public override string ToString() => _text.ToString().TrimEnd('\n');
}
