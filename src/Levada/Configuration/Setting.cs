namespace Levada.Configuration;

/// <summary>One line of a source: where it stands, its full name (section and key), its value.</summary>
/// <param name="Place">For messages: "levada.conf:12" or "LEVADA_FRAME_MAX".</param>
/// <param name="Name">Lower case, parts separated by dots.</param>
/// <param name="Value">As written, without quotes and blanks around it.</param>
/// <param name="Item">What the * of a key with many values stands for; empty for other keys.</param>
public sealed record Setting(string Place, string Name, string Value, string Item = "");
