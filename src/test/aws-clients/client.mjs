// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
// Sends requests with the AWS SDK for JavaScript in its default settings, and prints a line for each: "case: outcome".
import { createReadStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const { API, API_WITH_KEY, API_KEY, BUCKET: Bucket, SMALL, LARGE, TOO_LARGE } = process.env;
const client = endpoint => new S3Client({ endpoint, forcePathStyle: true });
const s3 = client(API);
const put = (Key, Body, more) => s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));

async function say(name, request) {
    try {
        const response = await request;
        console.log(`${name}: ${response.$metadata.httpStatusCode}, ${response.$metadata.attempts} request, ETag ${response.ETag}`);
        return response;
    } catch (error) {
        console.log(`${name}: ${error.name}, ${error.$metadata?.httpStatusCode}, ${error.message}`);
    }
}

await say('small', put('small', readFileSync(SMALL), { ContentType: 'image/png', Metadata: { camera: 'X100' } }));
await say('large', put('large', readFileSync(LARGE)));
await say('file stream', put('file stream', createReadStream(LARGE)));
await say('stream', put('stream', Readable.from([readFileSync(SMALL)]), { ContentLength: readFileSync(SMALL).length }));
await say('crc64nvme', put('crc64nvme', createReadStream(LARGE), { ChecksumAlgorithm: 'CRC64NVME' }));
await say('crc32c', put('crc32c', createReadStream(SMALL), { ChecksumAlgorithm: 'CRC32C' }));
await say('sha1', put('sha1', createReadStream(SMALL), { ChecksumAlgorithm: 'SHA1' }));
await say('sha256', put('sha256', createReadStream(SMALL), { ChecksumAlgorithm: 'SHA256' }));
await say('wrong checksum', put('wrong', readFileSync(SMALL), { ChecksumCRC32: 'AAAAAA==' }));
await say('too large', put('too large', createReadStream(TOO_LARGE)));
await say('wrong bucket', s3.send(new PutObjectCommand({ Bucket: 'other', Key: 'small', Body: 'x' })));
await say('head', s3.send(new HeadObjectCommand({ Bucket, Key: 'large' })));
const got = await say('get', s3.send(new GetObjectCommand({ Bucket, Key: 'large' })));
console.log(`got: ${Buffer.from(await got.Body.transformToByteArray()).equals(readFileSync(LARGE))}`);
await say('missing', s3.send(new GetObjectCommand({ Bucket, Key: 'missing' })));
await say('missing head', s3.send(new HeadObjectCommand({ Bucket, Key: 'missing' })));
await say('delete', s3.send(new DeleteObjectCommand({ Bucket, Key: 'small' })));
await say('no key', client(API_WITH_KEY).send(new PutObjectCommand({ Bucket, Key: 'no key', Body: 'x' })));
const withKey = client(API_WITH_KEY);
withKey.middlewareStack.add(next => args => {
    args.request.headers['x-api-key'] = API_KEY;
    return next(args);
}, { step: 'build' });
await say('key', withKey.send(new PutObjectCommand({ Bucket, Key: 'key', Body: readFileSync(SMALL) })));
