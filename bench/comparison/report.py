"""The figures as Markdown."""
import os
import platform

from scenarios import SCENARIOS


def markdown(results, names):
    lines = [f"{os.cpu_count()} cores, {cpu_model()}, Linux {platform.release()}. "
             + "; ".join(f"{r['broker']}: {r['version']}" for r in results) + ".", ""]
    lines += table("CPU of the broker per message (messages a second)", results, names,
                   lambda f: f"{f['cpu_us']:.2f} µs ({f['rate']:,.0f})", targets=True)
    lines += ["", *start_table(results)]
    for figures in results:
        if "features" in figures:
            lines += ["", *features_table(figures["features"]), "",
                      f"A million expired messages are dead-lettered at {figures['expired']['rate']:,.0f} a second, "
                      f"{figures['expired']['cpu_us']:.2f} µs each; must: 200,000 a second."]
        if "backlog" in figures:
            lines += ["", *backlog_table(figures)]
    if any("neighbours" in r for r in results):
        lines += ["", *neighbours_table([r for r in results if "neighbours" in r])]
    if any("scale" in r for r in results):
        lines += ["", *scale_table([r for r in results if "scale" in r])]
    lines += ["", *table("wake-ups per message", results, names, lambda f: number(f["wakeups"]))]
    if any("sends" in f for r in results for f in r["scenarios"].values()):
        lines += ["", *table("sends / syncs per message", results, names, calls)]
    lines += ["", *table("CPU of the client per message", results, names, lambda f: f"{f['client_cpu_us']:.2f} µs")]
    return "\n".join(lines)


def table(title, results, names, cell, targets=False):
    heads = [title] + [r["broker"] for r in results] + (["Levada must", "aim"] if targets else [])
    rows = []
    for name in names:
        row = [name] + [cell(r["scenarios"][name]) for r in results]
        if targets:
            scenario = next(s for s in SCENARIOS if s.name == name)
            row += [f"{scenario.must_us} µs", f"{scenario.aim_us} µs"]
        rows.append(row)
    return as_lines(heads, rows)


def start_table(results):
    heads = ["start", *[r["broker"] for r in results], "Levada must", "aim"]
    return as_lines(heads, [
        ["resident memory, idle after start", *[megabytes(r["idle_bytes"]) for r in results], "75 MB", "45 MB"],
        ["start to listening, empty data folder", *[seconds(r["start_seconds"]) for r in results], "0.5 s", "0.2 s"],
    ])


def features_table(features):
    plain, *_ = features.values()
    return as_lines(["CPU of Levada per message, features of the queue", *plain, "must"], [
        [name, *[f"{us:.2f} µs ({us / plain[way]:.2f})" for way, us in ways.items()],
         "" if ways is plain else "1.3 times plain"]
        for name, ways in features.items()])


def backlog_table(figures):
    transient, persistent = figures["backlog"]["transient"], figures["backlog"]["persistent"]
    return as_lines(["10 million ready messages of 16 bytes", figures["broker"], "must"], [
        ["resident memory above idle, transient", megabytes(transient["added_bytes"]), "64 MB"],
        ["resident memory above idle, persistent", megabytes(persistent["added_bytes"]), "64 MB"],
        ["start to listening after kill -9, persistent", seconds(persistent["restart_seconds"]), "2 s"],
    ])


def scale_table(results):
    scales = [r["scale"] for r in results]
    return as_lines(["connections and channels", *[r["broker"] for r in results], "Levada must"], [
        ["an idle connection with heartbeats (how many)",
         *[f"{kilobytes(s['connection_bytes'])} ({s['connections']:,})" for s in scales], "12 kB"],
        ["an idle channel (65,535 on one connection)", *[kilobytes(s["channel_bytes"]) for s in scales], "1 kB"],
        ["closing these 65,535 channels' connection", *[f"{s['close_ms']:,.0f} ms" for s in scales], "1000 ms"],
        ["connect, open, publish one confirmed, close", *[cycles(s["connection_cycles"]) for s in scales], "no growth"],
        ["open and close a channel", *[cycles(s["channel_cycles"]) for s in scales], "no growth"],
    ])


def neighbours_table(results):
    all_figures = [r["neighbours"] for r in results]
    return as_lines(["neighbours", *[r["broker"] for r in results], "Levada must"], [
        ["messages a second of 100 clients", *[f"{n['alone']:,.0f}" for n in all_figures], ""],
        ["the same beside a client that never reads",
         *[f"{n['beside']:,.0f} ({n['change']:+.0%})" for n in all_figures], "-10% at most"],
        *[[f"rounds a second of 2,000 busy channels on {connections}: alone, beside the other; least, most of a channel",
           *[busy(n["busy"][name]) for n in all_figures], "alike"]
          for name, connections in (("one", "one connection"), ("many", "200 connections"))],
    ])


def busy(figures):
    kept = figures["per_second"] / figures["alone"]
    return (f"{figures['alone']:,.0f}, {figures['per_second']:,.0f} ({kept:.0%}); "
            f"{figures['least']:,}, {figures['most']:,}")


def cycles(figures):
    return (f"{figures['per_second']:,.0f} a second; {figures['grown_bytes'] / 1e6:+.1f} MB after "
            f"{figures['count']:,}")


def as_lines(heads, rows):
    return ["| " + " | ".join(r) + " |" for r in [heads, ["---"] * len(heads), *rows]]


def calls(figures):
    return f"{number(figures['sends'])} / {number(figures['syncs'])}" if "sends" in figures else "–"


def number(value):
    return "0" if value == 0 else f"{value:.2g}" if value < 10 else f"{value:.0f}"


def kilobytes(value):
    return f"{value / 1e3:.1f} kB"


def megabytes(value):
    return "–" if value is None else f"{value / 1e6:.0f} MB"


def seconds(value):
    return "–" if value is None else f"{value:.2f} s"


def cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "?")
