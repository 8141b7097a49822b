// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

// A thumbnail worker with the AWS SDK and sharp, which processes each picture on one thread.
//
// worker.mjs CONCURRENCY    reads S3 events from SQS at AWS_ENDPOINT until stopped
// worker.mjs versions
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
    DeleteMessageCommand,
    GetQueueUrlCommand,
    ReceiveMessageCommand,
    SendMessageCommand,
    SQSClient,
} from '@aws-sdk/client-sqs';
import sharp from 'sharp';

sharp.cache(false);
sharp.concurrency(1);

const originals = 'originals';
const thumbnails = 'thumbnails';
const table = 'thumbnails';
const settings = {
    endpoint: process.env.AWS_ENDPOINT,
    region: process.env.AWS_REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
const s3 = new S3Client({ ...settings, forcePathStyle: true });
const sqs = new SQSClient(settings);
const dynamoDb = new DynamoDBClient(settings);

// A quality option would make sharp reduce the colours of PNG. By default, TIFF would be compressed as JPEG.
const options = { jpeg: { quality: 80 }, webp: { quality: 80 }, tiff: { compression: 'lzw' } };

async function thumbnail(original) {
    const image = sharp(original, { animated: true });
    const { format, autoOrient, pages, pageHeight } = await image.metadata();
    const width = Math.max(1, autoOrient.width >> 1);
    const height = Math.max(1, (pages > 1 ? pageHeight : autoOrient.height) >> 1);
    const bytes = await image
        .autoOrient()
        .keepIccProfile()
        .resize(width, height, { fit: 'fill' })
        .toFormat(format, options[format])
        .toBuffer();
    return { bytes, contentType: `image/${format}`, width, height };
}

async function create(key) {
    const original = await s3.send(new GetObjectCommand({ Bucket: originals, Key: key }));
    const { bytes, contentType, width, height } = await thumbnail(await original.Body.transformToByteArray());
    const target = { Bucket: thumbnails, Key: `resized-${key}` };
    await s3.send(new PutObjectCommand({ ...target, Body: bytes, ContentType: contentType }));
    const item = {
        name: { S: key },
        bucket: { S: originals },
        sourceETag: { S: original.ETag.replaceAll('"', '') },
        sourceSize: { N: `${original.ContentLength}` },
        thumbnailBucket: { S: target.Bucket },
        thumbnailKey: { S: target.Key },
        contentType: { S: contentType },
        width: { N: `${width}` },
        height: { N: `${height}` },
        bytes: { N: `${bytes.length}` },
        createdAt: { S: new Date().toISOString() },
    };
    await dynamoDb.send(new PutItemCommand({ TableName: table, Item: item }));
}

const queueUrl = async (name) => (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;

async function handle(record, failures) {
    const key = decodeURIComponent(record.s3.object.key.replaceAll('+', ' '));
    try {
        await create(key);
    } catch (e) {
        console.error(key, e);
        await sqs.send(new SendMessageCommand({ QueueUrl: failures, MessageBody: key }));
    }
}

async function work(events, failures) {
    const receive = { QueueUrl: events, MaxNumberOfMessages: 10, WaitTimeSeconds: 5, VisibilityTimeout: 60 };
    for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(receive));
        for (const { Body, ReceiptHandle } of Messages) {
            for (const record of JSON.parse(Body).Records ?? []) {
                await handle(record, failures);
            }
            await sqs.send(new DeleteMessageCommand({ QueueUrl: events, ReceiptHandle }));
        }
    }
}

const [argument] = process.argv.slice(2);
if (argument === 'versions') {
    console.log(JSON.stringify({ sharp: sharp.versions.sharp, libvips: sharp.versions.vips, node: process.version }));
} else {
    const [events, failures] = await Promise.all(['image-events', 'image-failures'].map(queueUrl));
    await Promise.all(Array.from({ length: Number(argument) }, () => work(events, failures)));
}
