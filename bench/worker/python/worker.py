#!/usr/bin/python3
# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0
"""The thumbnail Lambda of the serverless tutorial as a worker: boto3 and Pillow, with one picture at a time per process.

worker.py PROCESSES    reads S3 events from SQS at AWS_ENDPOINT until stopped
"""
import datetime
import io
import json
import multiprocessing
import os
import sys
import traceback
import urllib.parse

import boto3
from PIL import Image, ImageOps, ImageSequence

ORIGINALS, THUMBNAILS, TABLE = "originals", "thumbnails", "thumbnails"
EVENTS, FAILURES = "image-events", "image-failures"
OPTIONS = {"JPEG": {"quality": 80}, "WEBP": {"quality": 80}, "TIFF": {"compression": "tiff_lzw"}}


def half(image):
    image.thumbnail((max(1, image.width // 2), max(1, image.height // 2)))
    return image


def thumbnail(original):
    """Makes a thumbnail and returns its bytes, content type, width and height."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(original)) as image:
        # MPO is a JPEG followed by another one, as many phones write it.
        image_format = "JPEG" if image.format == "MPO" else image.format
        options = dict(OPTIONS.get(image_format, {}))
        if image.info.get("icc_profile"):
            options["icc_profile"] = image.info["icc_profile"]
        if getattr(image, "n_frames", 1) > 1 and image_format in ("GIF", "WEBP"):
            frames = [half(frame.copy()) for frame in ImageSequence.Iterator(image)]
            options.update(save_all=True, append_images=frames[1:], loop=image.info.get("loop", 0))
            result = frames[0]
        else:
            # Rotate last, because the thumbnail has fewer pixels.
            result = ImageOps.exif_transpose(half(image))
        result.save(out, image_format, **options)
        return out.getvalue(), Image.MIME[image_format], result.width, result.height


class Worker:
    def __init__(self):
        settings = {"endpoint_url": os.environ["AWS_ENDPOINT"], "region_name": os.environ["AWS_REGION"]}
        settings.update(aws_access_key_id="local", aws_secret_access_key="local")
        self.s3, self.sqs, self.dynamodb = (boto3.client(name, **settings) for name in ("s3", "sqs", "dynamodb"))
        self.events = self.sqs.get_queue_url(QueueName=EVENTS)["QueueUrl"]
        self.failures = self.sqs.get_queue_url(QueueName=FAILURES)["QueueUrl"]

    def run(self):
        while True:
            answer = self.sqs.receive_message(
                QueueUrl=self.events, MaxNumberOfMessages=10, WaitTimeSeconds=5, VisibilityTimeout=60
            )
            for message in answer.get("Messages", []):
                for record in json.loads(message["Body"]).get("Records", []):
                    self.handle(record)
                self.sqs.delete_message(QueueUrl=self.events, ReceiptHandle=message["ReceiptHandle"])

    def handle(self, record):
        key = urllib.parse.unquote_plus(record["s3"]["object"]["key"])
        try:
            self.create(key)
        except Exception:  # report the object key, whatever the error is
            traceback.print_exc()
            self.sqs.send_message(QueueUrl=self.failures, MessageBody=key)

    def create(self, key):
        original = self.s3.get_object(Bucket=ORIGINALS, Key=key)
        content, content_type, width, height = thumbnail(original["Body"].read())
        self.s3.put_object(Bucket=THUMBNAILS, Key="resized-" + key, Body=content, ContentType=content_type)
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
        item = {
            "name": {"S": key},
            "bucket": {"S": ORIGINALS},
            "sourceETag": {"S": original["ETag"].strip('"')},
            "sourceSize": {"N": str(original["ContentLength"])},
            "thumbnailBucket": {"S": THUMBNAILS},
            "thumbnailKey": {"S": "resized-" + key},
            "contentType": {"S": content_type},
            "width": {"N": str(width)},
            "height": {"N": str(height)},
            "bytes": {"N": str(len(content))},
            "createdAt": {"S": now.replace("+00:00", "Z")},
        }
        self.dynamodb.put_item(TableName=TABLE, Item=item)


def work():
    Worker().run()


def main(processes):
    others = [multiprocessing.Process(target=work, daemon=True) for _ in range(processes - 1)]
    for process in others:
        process.start()
    work()


if __name__ == "__main__":
    main(int(sys.argv[1]))
