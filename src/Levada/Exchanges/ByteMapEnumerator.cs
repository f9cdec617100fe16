using System.Runtime.CompilerServices;

namespace Levada.Exchanges;

/// <summary>Walks a <see cref="ByteMap{TValue}"/> in no particular order, without allocating.</summary>
internal ref struct ByteMapEnumerator<TValue>
{
    private Path _path;
    private int _depth;
    private ByteMapNode<TValue> _node;
    private int _entry;

    public ByteMapEnumerator(ByteMapNode<TValue> root)
    {
        _node = root;
        _entry = -1;
    }

    public readonly ref readonly ByteMapEntry<TValue> Current => ref _node.Entries[_entry];

    public bool MoveNext()
    {
        while (++_entry >= _node.Entries.Length)
        {
            if (!GoDown() && !GoRight())
                return false;
            _entry = -1;
        }

        return true;
    }

    private bool GoDown()
    {
        if (_node.Children.Length == 0)
            return false;
        _path[_depth++] = new Step(_node, 0);
        _node = _node.Children[0];
        return true;
    }

    private bool GoRight()
    {
        while (_depth > 0)
        {
            ref var step = ref _path[_depth - 1];
            if (++step.Child < step.Parent.Children.Length)
            {
                _node = step.Parent.Children[step.Child];
                return true;
            }

            _depth--;
        }

        return false;
    }

    private struct Step(ByteMapNode<TValue> parent, int child)
    {
        public readonly ByteMapNode<TValue> Parent = parent;
        public int Child = child;
    }

    // 32 bits of hash, five a level: seven levels, and the list of equal hashes below them.
    [InlineArray(8)]
    private struct Path
    {
        private Step _first;
    }
}
