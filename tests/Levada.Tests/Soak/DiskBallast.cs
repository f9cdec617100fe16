namespace Levada.Tests.Soak;

/// <summary>A file that takes disk space away, so that the broker's disk alarm goes on, and gives it back.</summary>
internal sealed class DiskBallast : IDisposable
{
    private const long MarginMax = 8L << 30;
    private const long Beyond = 64 << 20;

    private readonly string _file;
    private readonly DriveInfo _drive;

    /// <summary>On the disk of this folder, which goes with everything in it later.</summary>
    public DiskBallast(string folder)
    {
        _file = Path.Combine(folder, "ballast");
        _drive = new DriveInfo(folder);
        // Others use the disk too: they must neither raise the alarm nor keep it on.
        Limit = _drive.AvailableFreeSpace - Math.Min(MarginMax, _drive.AvailableFreeSpace / 4);
    }

    /// <summary>Bytes to be free, for disk_free_limit.absolute.</summary>
    public long Limit { get; }

    public void Drop()
    {
        using var file = new FileStream(_file, new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write,
            PreallocationSize = Math.Max(Beyond, _drive.AvailableFreeSpace - Limit + Beyond),
        });
    }

    public void Lift() => File.Delete(_file);

    public void Dispose() => Lift();
}
