# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0
"""Sends requests with boto3 in its default settings, and prints a line for each: "case: outcome"."""
import io
import os

import boto3

env = os.environ
bucket = env["BUCKET"]
s3 = boto3.client("s3", endpoint_url=env["API"])


def say(name, request):
    try:
        response = request()
        metadata = response["ResponseMetadata"]
        print(f"{name}: {metadata['HTTPStatusCode']}, {metadata['RetryAttempts'] + 1} request, ETag {response['ETag']}")
        return response
    except Exception as error:
        status = getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode")
        code = getattr(error, "response", {}).get("Error", {}).get("Code", type(error).__name__)
        print(f"{name}: {code}, {status}, {error}")


def read(name):
    with open(env[name], "rb") as file:
        return file.read()


def put(key, body, **more):
    return lambda: s3.put_object(Bucket=bucket, Key=key, Body=body, **more)


class Pipe(io.RawIOBase):
    """A stream whose length is unknown."""

    def __init__(self, data):
        self.data = io.BytesIO(data)

    def readable(self):
        return True

    def readinto(self, target):
        return self.data.readinto(target)


say("small", put("small", read("SMALL"), ContentType="image/png", Metadata={"camera": "X100"}))
say("large", put("large", read("LARGE")))
say("file stream", put("file stream", open(env["LARGE"], "rb")))
say("sha1", put("sha1", read("SMALL"), ChecksumAlgorithm="SHA1"))
say("sha256", put("sha256", read("SMALL"), ChecksumAlgorithm="SHA256"))
s3.upload_fileobj(io.BufferedReader(Pipe(read("SMALL"))), bucket, "stream")
say("wrong checksum", put("wrong", read("SMALL"), ChecksumCRC32="AAAAAA=="))
say("wrong bucket", lambda: s3.put_object(Bucket="other", Key="small", Body=b"x"))
say("too large", put("too large", read("TOO_LARGE")))
say("head", lambda: s3.head_object(Bucket=bucket, Key="large"))
got = say("get", lambda: s3.get_object(Bucket=bucket, Key="large"))
print(f"got: {got['Body'].read() == read('LARGE')}".lower())
say("missing", lambda: s3.get_object(Bucket=bucket, Key="missing"))
try:
    s3.get_object(Bucket=bucket, Key="missing")
except s3.exceptions.NoSuchKey:
    print("exception: NoSuchKey")
say("missing head", lambda: s3.head_object(Bucket=bucket, Key="missing"))
say("delete", lambda: s3.delete_object(Bucket=bucket, Key="small"))
say("multipart", lambda: s3.upload_file(env["LARGE"], bucket, "multipart"))
say("no key", lambda: boto3.client("s3", endpoint_url=env["API_WITH_KEY"]).put_object(Bucket=bucket, Key="no key", Body=b"x"))
s3 = boto3.client("s3", endpoint_url=env["API_WITH_KEY"])
s3.meta.events.register("before-sign.s3", lambda request, **_: request.headers.add_header("x-api-key", env["API_KEY"]))
say("key", put("key", read("SMALL")))
