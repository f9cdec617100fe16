namespace Levada.Protocol;

/// <summary>
/// A method of the protocol as a struct: its fields named as in the specification, without the reserved ones. Reading
/// and writing deal with the arguments only; class and method number belong to the frame (see
/// <see cref="FrameWriter"/>).
/// </summary>
public interface IMethod<TSelf> where TSelf : IMethod<TSelf>, allows ref struct
{
    /// <summary>Class and method number, see <see cref="MethodId"/>.</summary>
    static abstract uint Id { get; }

    /// <summary>Octets of the arguments.</summary>
    int Size { get; }

    /// <summary>Writes the arguments; returns the octets written, which is <see cref="Size"/>.</summary>
    int Write(Span<byte> destination);

    /// <summary>False when the arguments are short, garbled or followed by anything.</summary>
    static abstract bool TryRead(ReadOnlySpan<byte> args, out TSelf method);
}
