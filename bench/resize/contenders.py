# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0
"""Builds, starts and describes the contenders. Shared by run, memory and quality."""
import argparse
import datetime
import fnmatch
import json
import os
import platform
import shutil
import subprocess
import sys

import PIL.features
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RESULTS = os.path.join(ROOT, "bench", "results")
TARGET = os.path.join(ROOT, "target", "bench")
PICTURES = os.path.join(TARGET, "pictures")

JAVA = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else "java"
# Same as jvm.arguments in pom.xml.
JVM = ["-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]
NO_NATIVE_CODEC = "-Dimage.nativeCodec=false"
MAIN = "io.github.camelthumbnails.bench.Resize"

# In the order of the tables.
JAVA_CONTENDERS = ["ours", "ours-java", "thumbnailator"]
CONTENDERS = JAVA_CONTENDERS + ["c-floor", "sharp", "sharp-decodes", "pillow"]
# What can make other renditions than the half-size thumbnail.
FLEXIBLE = ["ours", "ours-java", "c-floor", "sharp", "sharp-decodes"]


def say(text):
    print(text, flush=True)


def arguments(description):
    """Returns a parser with the arguments that all commands share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--pictures", metavar="DIR", help="use the pictures in this directory in addition to the generated ones")
    parser.add_argument("--only", metavar="GLOB", action="append", help="only pictures with matching names; may be repeated")
    parser.add_argument("--contender", choices=CONTENDERS, action="append", help="only this contender; may be repeated")
    parser.add_argument("--name", help="name of the result files")
    help = "make this rendition instead of scale:0.5, such as 'fit:640x640 format:jpeg'; several are made from one decode"
    parser.add_argument("--rendition", metavar="WORDS", action="append", help=help)
    return parser


def names(options):
    """Returns the contenders to compare, and passes the renditions to them."""
    if not options.rendition:
        return options.contender or [name for name in CONTENDERS if name != "sharp-decodes"]
    os.environ["BENCH_RENDITIONS"] = "\n".join(options.rendition)
    flexible = FLEXIBLE if len(options.rendition) > 1 else FLEXIBLE[:-1]
    return [name for name in flexible if name in (options.contender or flexible)]


def build():
    """Compiles the contenders and generates the pictures. Exits with the error message of the tool that fails."""
    say("Building")
    for tool, package in {"mvn": "maven", "cc": "gcc", "npm": "nodejs and npm"}.items():
        if not shutil.which(tool):
            sys.exit(f"{tool} is not installed. Install {package} (see bench/README.md)")
    class_path = os.path.join(TARGET, "class.path")
    maven = ["mvn", "-q", "-B", "-ntp", "-Pbench", "test-compile", "dependency:build-classpath"]
    run([*maven, "-DincludeScope=runtime", f"-Dmdep.outputFile={class_path}"], cwd=ROOT)
    source = os.path.join(HERE, "floor.c")
    run(["cc", "-O2", "-Wall", "-Wextra", "-o", os.path.join(TARGET, "floor"), source, "-lturbojpeg", "-lm"])
    if not os.path.isdir(os.path.join(HERE, "node_modules", "sharp")):
        run(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"], cwd=HERE)
    pictures = os.path.join(HERE, "pictures.py")
    if not os.path.isdir(PICTURES) or os.path.getmtime(PICTURES) < os.path.getmtime(pictures):
        shutil.rmtree(PICTURES, ignore_errors=True)
        run(["/usr/bin/python3", pictures, PICTURES + ".new"])
        os.replace(PICTURES + ".new", PICTURES)
        os.utime(PICTURES)


def run(command, **options):
    """Runs a command and returns the JSON objects that it prints, one per line."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, **options)
    if done.returncode:
        sys.exit(f"{done.stdout}\n{' '.join(command)[:500]} failed with exit code {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def class_path(contender):
    """Returns the class path, for Thumbnailator without the ImageIO plug-ins of this project."""
    with open(os.path.join(TARGET, "class.path")) as file:
        jars = file.read().strip().split(":")
    if contender == "thumbnailator":
        alone = ("thumbnailator-", "jmh-", "jopt-simple-", "commons-math3-")
        jars = [jar for jar in jars if os.path.basename(jar).startswith(alone)]
    return ":".join([os.path.join(TARGET, "test-classes"), os.path.join(TARGET, "classes"), *jars])


def jvm(contender, *options):
    """Returns the JVM options of the contender."""
    return [*JVM, *options, *([NO_NATIVE_CODEC] if contender == "ours-java" else [])]


def command(contender, mode, *rest, jvm_options=()):
    """Returns the command line of the contender's program."""
    if contender in JAVA_CONTENDERS:
        name = "ours" if contender == "ours-java" else contender
        return [JAVA, *jvm(contender, *jvm_options), "-cp", class_path(contender), MAIN, mode, name, *rest]
    program = {
        "c-floor": [os.path.join(TARGET, "floor")],
        "sharp": ["node", os.path.join(HERE, "sharp.mjs")],
        "sharp-decodes": ["env", "BENCH_DECODES=each", "node", os.path.join(HERE, "sharp.mjs")],
        "pillow": ["/usr/bin/python3", os.path.join(HERE, "pillow.py")],
    }
    return [*program[contender], mode, *rest]


def pictures(options):
    """Maps the name of each selected picture to its path and properties."""
    found = {}
    for directory in filter(None, [PICTURES, options.pictures]):
        for name in sorted(os.listdir(directory)):
            wanted = any(fnmatch.fnmatch(name, glob) for glob in options.only or ["*"])
            if not wanted or name.startswith("tiny.") or name.endswith(".md"):
                continue
            path = os.path.join(os.path.abspath(directory), name)
            try:
                found[name] = {"path": path, **facts(path)}
            except (OSError, SyntaxError) as e:
                say(f"{name} is skipped: {e}")
    if not found:
        sys.exit("No picture matches --only")
    return found


def facts(path):
    """Returns the properties of a picture, after checking that it can be decoded."""
    with Image.open(path) as image:
        image.load()
        orientation = image.getexif().get(0x0112, 1)
        width, height = image.size if orientation < 5 else image.size[::-1]
        known = {"format": image.format, "width": width, "height": height, "frames": getattr(image, "n_frames", 1)}
        return {**known, "orientation": orientation, "bytes": os.path.getsize(path)}


def dump(contender, originals):
    """Makes all thumbnails once with the contender and returns the properties or the error of each."""
    directory = os.path.join(TARGET, "thumbnails", contender)
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    lines = run(command(contender, "dump", directory, *[original["path"] for original in originals.values()]))
    errors = {os.path.basename(line["picture"]): line["error"] for line in lines}
    thumbnails = {}
    for name, original in originals.items():
        if name in errors:
            thumbnails[name] = {"error": errors[name]}
            continue
        path = os.path.join(directory, name)
        thumbnail = facts(path)
        sides = [(thumbnail[side], max(1, original[side] // 2)) for side in ("width", "height")]
        half = all(0 <= actual - expected <= 1 for actual, expected in sides)
        # c-floor ignores the orientation.
        if "BENCH_RENDITIONS" not in os.environ and (thumbnail["format"] != original["format"] or not (half or contender == "c-floor")):
            sys.exit(f"{contender}: the thumbnail of {name} is not half its size or has another format: {thumbnail}, original: {original}")
        thumbnails[name] = {"path": path, **thumbnail}
    return thumbnails


def text(*command):
    """Returns the output of a command, or an empty string if the command does not exist."""
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout.strip()
    except OSError:
        return ""


def about(options):
    """Returns machine, versions, commit and command."""
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    with open("/proc/meminfo") as file:
        kib = int(next(line.split()[1] for line in file if line.startswith("MemTotal")))
    node = run(["node", os.path.join(HERE, "sharp.mjs"), "versions"])[0]
    jar = next(jar for jar in class_path("thumbnailator").split(":") if "/thumbnailator-" in jar)
    return {
        "command": " ".join(["bench/resize/" + os.path.basename(sys.argv[0]), *map(os.path.basename, sys.argv[1:])]),
        "options": {name: value for name, value in vars(options).items() if name != "pictures"},
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": text("git", "-C", ROOT, "rev-parse", "HEAD")
        + (" with changes" if text("git", "-C", ROOT, "status", "--porcelain", "--", ".", ":!bench/results") else ""),
        "machine": {
            "cpu": model,
            "cores": os.cpu_count(),
            "memoryGiB": round(kib / 2**20, 1),
            "kernel": platform.release(),
            "system": platform.freedesktop_os_release().get("PRETTY_NAME", ""),
        },
        "versions": {
            "JDK": text(JAVA, "-version").splitlines()[1],
            "Thumbnailator": os.path.basename(jar)[len("thumbnailator-") : -len(".jar")],
            "libjpeg-turbo (c-floor and ours)": text("pkg-config", "--modversion", "libturbojpeg"),
            "sharp": node["sharp"],
            "libvips (sharp)": node["libvips"],
            "Node.js": node["node"],
            "Pillow": PIL.__version__,
            "libjpeg-turbo (Pillow)": PIL.features.version("libjpeg_turbo"),
            "Python": platform.python_version(),
        },
    }


def without_path(values):
    """Returns the properties without the local path, which does not belong into result files."""
    return {name: value for name, value in values.items() if name != "path"}


def write(name, content):
    """Writes a result file atomically."""
    os.makedirs(RESULTS, exist_ok=True)
    path = os.path.join(RESULTS, name)
    with open(path + ".new", "w") as file:
        file.write(content if isinstance(content, str) else json.dumps(content, indent=1) + "\n")
    os.replace(path + ".new", path)


def table(header, rows):
    """Returns a Markdown table."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)
