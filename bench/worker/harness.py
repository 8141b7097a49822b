# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0
"""Starts local AWS and the workers, and measures the workers. Shared by the benchmarks of worker, startup and upload."""
import atexit
import datetime
import glob
import io
import json
import math
import os
import platform
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

import boto3
import PIL.features
from botocore.config import Config
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "resize"))
import contenders  # noqa: E402
from contenders import ROOT, TARGET, say, table, text, write  # noqa: E402,F401

# Options of the application, those of the image: see jvmFlags and environment in pom.xml, and k8s/base.
COMPILERS = os.path.join(ROOT, "src", "main", "jib", "app", "compilers.json")
APP_JVM = ["-XX:+UseSerialGC", "-XX:+UnlockDiagnosticVMOptions", f"-XX:CompilerDirectivesFile={COMPILERS}"]
APP_ENVIRONMENT = {"MALLOC_ARENA_MAX": "1"}

# 160 MiB of heap are enough for these pictures with two consumers (docs/capacity.md).
JVM = ["-Xmx160m", *APP_JVM]

# Variants of the JVM options. Both compilers is the JVM's default. C1 alone uses least CPU time for the first thousands of
# thumbnails, but is unsuitable for real AWS: it has no AES intrinsics, so it decrypts TLS at 40 MB/s.
JVMS = {
    "ours": JVM,
    "ours-both-compilers": ["-Xmx160m", "-XX:+UseSerialGC"],
    "ours-c1": ["-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
    "ours-jvm-defaults": [],
}
PEERS = [*JVMS, "python", "node"]

REGION = "ap-northeast-2"
ORIGINALS, THUMBNAILS, TABLE = "originals", "thumbnails", "thumbnails"
EVENTS, FAILURES, DEAD = "image-events", "image-failures", "image-events-dead"
NODE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "node")
LONG_POLL = 5  # seconds, same for all workers
TICKS = os.sysconf("SC_CLK_TCK")

# Number of each picture in a mix of 20: mostly photos, and some of all other formats.
PLAYLIST = {
    "photo.jpg": 7,
    "photo-12mp.jpg": 2,
    "photo-turned.jpg": 2,
    "photo-progressive.jpg": 1,
    "photo-444.jpg": 1,
    "photo-grey.jpg": 1,
    "photo.png": 1,
    "alpha.png": 1,
    "palette.png": 1,
    "photo.webp": 1,
    "alpha.webp": 1,
    "still.gif": 1,
}


class Failed(Exception):
    """Raised when a benchmark has no result, with the reason."""


def build(peers):
    """Builds the peers and local AWS."""
    say("Building")
    os.makedirs(TARGET, exist_ok=True)
    maven = ["mvn", "-q", "-B", "-ntp"]
    for scope, goals in {"runtime": ["package", "-DskipTests"], "test": []}.items():
        output = f"-Dmdep.outputFile={os.path.join(TARGET, scope + '.path')}"
        contenders.run([*maven, *goals, "dependency:build-classpath", f"-DincludeScope={scope}", output], cwd=ROOT)
    if "node" in peers and not os.path.isdir(os.path.join(NODE, "node_modules", "sharp")):
        contenders.run(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"], cwd=NODE)
    pictures = os.path.join(contenders.HERE, "pictures.py")
    if not os.path.isdir(contenders.PICTURES) or os.path.getmtime(contenders.PICTURES) < os.path.getmtime(pictures):
        shutil.rmtree(contenders.PICTURES, ignore_errors=True)
        contenders.run([sys.executable, pictures, contenders.PICTURES + ".new"])
        os.replace(contenders.PICTURES + ".new", contenders.PICTURES)
        os.utime(contenders.PICTURES)


def path(scope):
    with open(os.path.join(TARGET, scope + ".path")) as file:
        return file.read().strip()


def jars():
    """Returns the class path of the worker, which consists of jars only because class data sharing requires it."""
    (jar,) = [name for name in glob.glob(os.path.join(ROOT, "target", "camel-thumbnails-*.jar")) if "sources" not in name]
    return f"{jar}:{path('runtime')}"


def turned(jpeg):
    """Returns the JPEG with EXIF orientation 6, which a camera in portrait position writes."""
    tiff = b"MM\0\x2a\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) + b"\0\0\0\0"
    segment = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


class Picture:
    """An original and the expected properties of its thumbnail."""

    def __init__(self, name, content):
        self.name, self.content = name, content
        with Image.open(io.BytesIO(content)) as image:
            image.load()  # fails here if it is corrupt
            # MPO is a JPEG followed by another one, as many phones write it.
            self.content_type = "image/jpeg" if image.format == "MPO" else Image.MIME[image.format]
            self.size = image.size if image.getexif().get(0x0112, 1) < 5 else image.size[::-1]
            self.frames = getattr(image, "n_frames", 1)

    def check(self, item):
        """Checks the item of a thumbnail. An odd side may be rounded up or down."""
        sides = [int(item[name]["N"]) for name in ("width", "height")]
        if item["contentType"]["S"] != self.content_type or any(abs(2 * a - b) > 1 for a, b in zip(sides, self.size)):
            raise Failed(f"The thumbnail of {self.name} ({self.content_type}, {self.size}) is {item}")

    def facts(self):
        width, height = self.size
        facts = {"contentType": self.content_type, "width": width, "height": height, "frames": self.frames}
        return {"name": self.name, **facts, "bytes": len(self.content)}


def read(name):
    with open(name, "rb") as file:
        return file.read()


def playlist(directory=None):
    """Returns the mix: each picture as often as it occurs in it."""
    if directory:
        pictures = []
        for name in sorted(os.listdir(directory)):
            try:
                pictures.append(Picture(name, read(os.path.join(directory, name))))
            except (OSError, KeyError, SyntaxError) as e:
                say(f"{name} is skipped: {e}")
        if not pictures:
            raise Failed(f"There is no picture in {directory}")
        return pictures
    pictures = []
    for name, times in PLAYLIST.items():
        if name == "photo-turned.jpg":
            content = turned(read(os.path.join(contenders.PICTURES, "photo.jpg")))
        else:
            content = read(os.path.join(contenders.PICTURES, name))
        pictures += [Picture(name, content)] * times
    return pictures


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Process:
    """A process and its child processes, in their own process group."""

    def __init__(self, name, command, environment, directory):
        self.log = os.path.join(directory, name + ".log")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "JAVA_TOOL_", "_JAVA_"))}
        with open(self.log, "wb") as log:
            self.started = time.time()
            self.process = subprocess.Popen(
                command, cwd=directory, env={**kept, **environment}, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.name = name
        self.pids = [self.process.pid]
        atexit.register(self.kill)

    def look(self):
        """Updates the list of child processes and raises if the process has ended."""
        if self.process.poll() is not None:
            raise Failed(f"{self.name} has ended with exit code {self.process.returncode}\n{self.tail()}")
        self.pids = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            fields = stat(pid)
            if fields and int(fields[2]) == self.process.pid:
                self.pids.append(int(pid))

    def tail(self):
        with open(self.log, errors="replace") as log:
            return "".join(log.readlines()[-30:])

    def cpu(self):
        """Returns the CPU seconds, user and system, of all its processes."""
        return sum(sum(map(int, fields[11:13])) for fields in map(stat, self.pids) if fields) / TICKS

    def peak(self):
        """Returns the resident memory in MiB. Memory that two processes share counts twice."""
        total = 0
        for pid in self.pids:
            total += int(read(f"/proc/{pid}/status").split(b"VmHWM:")[1].split()[0])
        return total / 1024

    def stop(self, seconds=90):
        """Stops the process as an orchestrator does, and raises if it does not end in time."""
        self.process.terminate()
        try:
            self.process.wait(seconds)
        finally:
            self.kill()

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        atexit.unregister(self.kill)


def stat(pid):
    """Returns the fields of /proc/PID/stat after the name, or an empty list if the process has ended."""
    try:
        return read(f"/proc/{pid}/stat").rpartition(b") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


class Aws:
    """Local AWS in its own process, with the originals and the events that it sent for them."""

    def __init__(self, directory):
        self.endpoint = f"http://127.0.0.1:{free_port()}"
        class_path = f"{ROOT}/target/test-classes:{ROOT}/target/classes:{path('test')}"
        command = [contenders.JAVA, *contenders.JVM, "-Xmx1g", "-cp", class_path]
        command += ["io.github.camelthumbnails.localaws.LocalRun", "aws"]
        self.process = Process("local-aws", command, {"AWS_ENDPOINT": self.endpoint}, directory)
        settings = {"endpoint_url": self.endpoint, "region_name": REGION}
        settings.update(aws_access_key_id="local", aws_secret_access_key="local")
        config = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0})
        clients = (boto3.client(name, config=config, **settings) for name in ("s3", "sqs", "dynamodb"))
        self.s3, self.sqs, self.dynamodb = clients
        while "Local AWS is at" not in self.process.tail():
            self.process.look()
            time.sleep(0.2)
        self.queues = {name: self.sqs.get_queue_url(QueueName=name)["QueueUrl"] for name in (EVENTS, FAILURES, DEAD)}
        self.events, self.pictures = [], {}

    def put(self, pictures, count):
        """Stores the pictures repeatedly under new keys, each round in another order, and collects their events."""
        self.clear()
        order = random.Random(1)
        while len(self.pictures) < count:
            for picture in order.sample(pictures, len(pictures))[: count - len(self.pictures)]:
                key = f"{len(self.pictures):04d} {picture.name}"
                self.s3.put_object(Bucket=ORIGINALS, Key=key, Body=picture.content, ContentType=picture.content_type)
                self.pictures[key] = picture
        deadline = time.monotonic() + 60
        while len(self.events) < count:
            if time.monotonic() > deadline:
                raise Failed(f"Received {len(self.events)} events for {count} originals")
            answer = self.sqs.receive_message(QueueUrl=self.queues[EVENTS], MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                self.events.append(message["Body"])
                self.sqs.delete_message(QueueUrl=self.queues[EVENTS], ReceiptHandle=message["ReceiptHandle"])

    def warm_up(self):
        """Sends the same kinds of request as a worker, so that the first worker does not pay for the warm-up of local AWS."""
        for key, picture in self.pictures.items():
            body = self.s3.get_object(Bucket=ORIGINALS, Key=key)["Body"].read()
            self.s3.put_object(Bucket=THUMBNAILS, Key="resized-" + key, Body=body[: len(body) // 4])
            self.dynamodb.put_item(TableName=TABLE, Item={"name": {"S": key}, "contentType": {"S": picture.content_type}})
            self.count()

    def queue(self, events):
        """Sends the events to the queue."""
        for start in range(0, len(events), 10):
            entries = [{"Id": str(i), "MessageBody": body} for i, body in enumerate(events[start : start + 10])]
            answer = self.sqs.send_message_batch(QueueUrl=self.queues[EVENTS], Entries=entries)
            if answer.get("Failed"):
                raise Failed(f"The queue rejected {answer['Failed']}")

    def clear(self):
        """Deletes all thumbnails, items and messages."""
        for url in self.queues.values():
            self.sqs.purge_queue(QueueUrl=url)
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=THUMBNAILS):
            for entry in page.get("Contents", []):
                self.s3.delete_object(Bucket=THUMBNAILS, Key=entry["Key"])
        for item in self.items():
            self.dynamodb.delete_item(TableName=TABLE, Key={"name": item["name"]})

    def messages(self, name):
        """Returns the number of messages in a queue, including those in flight."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=self.queues[name], AttributeNames=names)["Attributes"]
        return sum(int(attributes[name]) for name in names)

    def count(self):
        """Returns the number of items."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=TABLE, Select="COUNT")
        return sum(page["Count"] for page in pages)

    def items(self):
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=TABLE, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def check(self, count):
        """Checks that every original has a thumbnail and an item and that nothing failed. Returns the items in the order of creation."""
        for name in (FAILURES, DEAD):
            if self.messages(name):
                raise Failed(f"{self.messages(name)} messages are in {name}")
        items = self.items()
        for item in items:
            self.pictures[item["name"]["S"]].check(item)
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=THUMBNAILS)
        sizes = {entry["Key"]: entry["Size"] for page in pages for entry in page.get("Contents", [])}
        expected = {item["thumbnailKey"]["S"]: int(item["bytes"]["N"]) for item in items}
        if len(items) != count or sizes != expected:
            raise Failed(f"{count} originals have {len(items)} items and {len(sizes)} thumbnails, or their sizes differ")
        return sorted(items, key=lambda item: item["createdAt"]["S"])


def start(peer, workers, aws, directory, java=None, jvm=()):
    """Starts a worker."""
    if peer in JVMS:
        command = [java or contenders.JAVA, *contenders.JVM, *JVMS[peer], *jvm]
        command += ["-cp", jars(), "io.github.camelthumbnails.App"]
    elif peer == "python":
        command = [sys.executable, os.path.join(HERE, "python", "worker.py"), str(workers)]
    else:
        command = ["node", os.path.join(NODE, "worker.mjs"), str(workers)]
    environment = {
        **APP_ENVIRONMENT,
        "AWS_ENDPOINT": aws.endpoint,
        "AWS_REGION": REGION,
        "APP_ROLES": "thumbnail",
        "EVENTS_CONSUMERS": str(workers),
        "HTTP_PORT": str(free_port()),
        "MANAGEMENT_PORT": str(free_port()),
        "NODE_NO_WARNINGS": "1",  # suppresses warnings of the AWS SDK on old releases of Node.js
    }
    return Process(peer, command, environment, directory)


def created(item):
    return datetime.datetime.fromisoformat(item["createdAt"]["S"].replace("Z", "+00:00")).timestamp()


def at(samples, when):
    """Returns the value at a time, interpolated between two samples."""
    for (before, low), (after, high) in zip(samples, samples[1:]):
        if when <= after:
            return low + (high - low) * max(0.0, when - before) / (after - before)
    return samples[-1][1]


def measure(peer, workers, aws, events, directory, clean_stop=False, **options):
    """Lets a worker process all events and returns the measurements."""
    aws.clear()
    aws.queue(events)
    if aws.messages(EVENTS) != len(events):
        raise Failed(f"{aws.messages(EVENTS)} messages are in the queue instead of {len(events)}")
    aws_before = aws.process.cpu()
    worker = start(peer, workers, aws, directory, **options)
    try:
        samples = [(worker.started, 0.0)]
        done, progress, next_look = 0, time.monotonic(), 0
        while done < len(events):
            time.sleep(0.02)
            samples.append((time.time(), worker.cpu()))
            if time.monotonic() >= next_look:
                worker.look()
                count = aws.count()
                if count > done:
                    done, progress = count, time.monotonic()
                idle = time.monotonic() - progress
                if idle > 2 and aws.messages(FAILURES):
                    raise Failed(f"{peer} has reported failures")
                if idle > 120:
                    raise Failed(f"{peer} processed {done} of {len(events)} events, and none in the last two minutes")
                next_look = time.monotonic() + 0.2
        worker.look()
        samples.append((time.time(), worker.cpu()))
        peak, aws_cpu = worker.peak(), aws.process.cpu() - aws_before
        items = aws.check(len(events))
        deadline = time.monotonic() + 30
        while aws.messages(EVENTS):
            if time.monotonic() > deadline:
                raise Failed(f"{peer} has left {aws.messages(EVENTS)} messages in the queue")
            time.sleep(0.05)
        if clean_stop:
            worker.stop()
    except Failed as e:
        raise Failed(f"{e}\n{worker.tail()}") from None
    finally:
        worker.kill()
    # A pending long poll of the killed worker could still receive messages of the next run.
    time.sleep(LONG_POLL + 1)
    count = len(events)
    # The steady figure leaves out the first fifth, which is start and warm-up.
    early = math.ceil(count / 5)
    last = created(items[-1])
    steady = None
    if count > early:
        steady = (at(samples, last) - at(samples, created(items[early - 1]))) / (count - early)
    return {
        "cpuSeconds": samples[-1][1],
        "steadyCpuMs": steady and round(steady * 1e3, 2),
        "wallSeconds": round(last - worker.started, 3),
        "firstSeconds": round(created(items[0]) - worker.started, 3),
        "peakMiB": round(peak, 1),
        "awsCpuSeconds": round(aws_cpu, 2),
        "thumbnailBytes": sum(int(item["bytes"]["N"]) for item in items),
    }


class Session:
    """Local AWS in a temporary directory. Ends all processes on exit, even after errors."""

    def __init__(self, pictures, count):
        self.pictures, self.total = pictures, count

    def __enter__(self):
        # Exit normally on SIGTERM, which would otherwise leave the processes running.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped"))
        self.temporary = tempfile.TemporaryDirectory(prefix="camel-thumbnails-bench-")
        try:
            self.aws = Aws(self.temporary.name)
            say(f"Putting {self.total} originals into local AWS")
            self.aws.put(self.pictures, self.total)
            self.aws.warm_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    @property
    def directory(self):
        return self.temporary.name

    def __exit__(self, *_):
        if hasattr(self, "aws"):
            self.aws.process.kill()
        self.temporary.cleanup()


def about(options, peers, java=None):
    """Returns machine, versions, commit and command, with the same names as in the results of bench/resize."""
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    with open("/proc/meminfo") as file:
        kib = int(next(line.split()[1] for line in file if line.startswith("MemTotal")))
    versions = {
        "JDK": text(java or contenders.JAVA, "-version").splitlines()[1],
        "libjpeg-turbo (ours)": text("pkg-config", "--modversion", "libturbojpeg"),
    }
    if "node" in peers:
        quiet = {**os.environ, "NODE_NO_WARNINGS": "1"}
        node = contenders.run(["node", os.path.join(NODE, "worker.mjs"), "versions"], env=quiet)[0]
        with open(os.path.join(NODE, "package.json")) as file:
            aws = json.load(file)["dependencies"]["@aws-sdk/client-s3"]
        versions.update({"Node.js": node["node"], "sharp": node["sharp"], "libvips (sharp)": node["libvips"]})
        versions["AWS SDK for JavaScript"] = aws
    if "python" in peers:
        versions.update({"Python": platform.python_version(), "Pillow": PIL.__version__, "boto3": boto3.__version__})
        versions["libjpeg-turbo (Pillow)"] = PIL.features.version("libjpeg_turbo")
    script = os.path.relpath(os.path.abspath(sys.argv[0]), ROOT)
    changes = text("git", "-C", ROOT, "status", "--porcelain", "--", ".", ":!bench/results", ":!bench/RESULTS.md")
    return {
        "command": " ".join([script, *map(os.path.basename, sys.argv[1:])]),
        "options": {name: value for name, value in vars(options).items() if name != "pictures"},
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": text("git", "-C", ROOT, "rev-parse", "HEAD") + (" with changes" if changes else ""),
        "machine": {
            "cpu": model,
            "cores": os.cpu_count(),
            "memoryGiB": round(kib / 2**20, 1),
            "kernel": platform.release(),
            "system": platform.freedesktop_os_release().get("PRETTY_NAME", ""),
        },
        "versions": versions,
        "jvm": {name: " ".join(JVMS[name]) for name in peers if name in JVMS},
    }
