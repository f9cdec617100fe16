namespace Levada.Catalog;

internal sealed class CatalogLog
{
    public void Append(List<RecordWriter> group) => throw new NotSupportedException();
}
