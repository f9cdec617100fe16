using System.Globalization;
using System.IO.Compression;
using System.Text;
using Levada.Logs;

namespace Levada.Cli.Logging;

/// <summary>
/// The log's file, rotated by size and by date: FILE is written, FILE.0 is the last archive, FILE.1 the one before.
/// What cannot be written is counted and told as soon as it can be. The writer's thread's; the two requests by any.
/// </summary>
internal sealed class LogFile(string path, BrokerOptions options, TimeProvider time, LogWriter console) : IDisposable
{
    private FileStream? _stream;
    private RotationDate? _date;
    private DateTimeOffset _rotateAt = DateTimeOffset.MaxValue;
    private long _untold;
    private long _lost;
    private volatile bool _mustRotate;
    private volatile bool _mustReopen;

    public string Path => path;

    /// <summary>Lines that could not be written.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Before the next line the file becomes an archive.</summary>
    public void RotateNext() => _mustRotate = true;

    /// <summary>Before the next line the file is opened anew.</summary>
    public void ReopenNext() => _mustReopen = true;

    /// <exception cref="IOException">It cannot be.</exception>
    public void Open()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            // Others may move it away, as logrotate does.
            _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"cannot write the log file {path}: {e.Message}", e);
        }
    }

    /// <summary>After the writer's thread has ended.</summary>
    public void Dispose() => Close();

    public void Write(StringBuilder lines)
    {
        try
        {
            Prepare(lines.Length);
            if (_untold > 0)
            {
                Put(string.Create(CultureInfo.InvariantCulture, $"levada: {_untold} log lines could not be written\n"));
                _untold = 0;
            }
            foreach (var chunk in lines.GetChunks())
                _stream!.Write(Encoding.UTF8.GetBytes(chunk.ToArray()));
            _stream!.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Lose(lines, e.Message);
        }
    }

    private void Prepare(int more)
    {
        if (_mustReopen)
        {
            _mustReopen = false;
            Close();
        }
        if (_stream is null)
            Open();
        FollowDate();
        var size = options.LogRotationSize;
        var isFull = size > 0 && _stream!.Length > 0 && _stream.Length + more > size;
        if (isFull || _mustRotate || time.GetUtcNow() >= _rotateAt)
            Rotate();
    }

    // A reload may give another one.
    private void FollowDate()
    {
        if (ReferenceEquals(_date, options.LogRotationDate))
            return;
        _date = options.LogRotationDate;
        _rotateAt = _date?.After(time.GetUtcNow()) ?? DateTimeOffset.MaxValue;
    }

    private void Rotate()
    {
        _mustRotate = false;
        _rotateAt = _date?.After(time.GetUtcNow()) ?? DateTimeOffset.MaxValue;
        Close();
        var count = options.LogRotationCount;
        for (var i = count - 1; i >= 0; i--)
        {
            foreach (var ending in (string[])["", ".gz"])
            {
                var archive = $"{path}.{i}{ending}";
                if (File.Exists(archive) && i == count - 1)
                    File.Delete(archive);
                else if (File.Exists(archive))
                    File.Move(archive, $"{path}.{i + 1}{ending}", overwrite: true);
            }
        }
        if (count == 0)
            File.Delete(path);
        else
            Archive($"{path}.0");
        Open();
    }

    private void Archive(string archive)
    {
        File.Move(path, archive, overwrite: true);
        if (!options.LogRotationCompress)
            return;
        using (var from = File.OpenRead(archive))
        using (var to = new GZipStream(File.Create(archive + ".gz"), CompressionLevel.Fastest))
            from.CopyTo(to);
        File.Delete(archive);
    }

    private void Lose(StringBuilder lines, string reason)
    {
        var count = 0;
        foreach (var chunk in lines.GetChunks())
            count += chunk.Span.Count('\n');
        if (_untold == 0)
            console.Write(new StringBuilder($"levada: cannot write the log file {path}: {LogText.OneLine(reason)}\n"));
        _untold += count;
        Interlocked.Add(ref _lost, count);
        Close();
    }

    private void Put(string line) => _stream!.Write(Encoding.UTF8.GetBytes(line));

    private void Close()
    {
        var stream = _stream;
        _stream = null;
        try
        {
            stream?.Dispose();
        }
        catch (IOException)
        {
            // What its buffer holds is lost with it, and counted by who found the disk full.
        }
    }
}
