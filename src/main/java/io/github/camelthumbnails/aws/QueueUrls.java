// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.aws;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.arns.Arn;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Replaces a queue name or ARN in requests to SQS with the queue URL, just before a request is sent. The URL is looked up for the
 * first request and then cached: it stays the same even if the queue is deleted and created again.
 *
 * <p>Camel's SQS component would look up the URL at start-up, and the process would end if SQS cannot be reached.
 */
public final class QueueUrls implements ExecutionInterceptor {

    private final Map<String, String> urls = new ConcurrentHashMap<>();
    private volatile SqsClient sqs;

    /** Creates an interceptor. Call {@link #lookUpWith} before the first request. */
    public QueueUrls() {}

    /** Sets the client for look-ups, which may be the client that uses this interceptor. */
    void lookUpWith(SqsClient client) {
        sqs = client;
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        SdkRequest request = context.request();
        for (SdkField<?> field : request.sdkFields()) {
            if (field.memberName().equals("QueueUrl")
                    && field.getValueOrDefault(request) instanceof String queue
                    && !queue.contains("://")) {
                SdkRequest.Builder builder = request.toBuilder();
                field.set(builder, url(queue));
                return builder.build();
            }
        }
        return request;
    }

    /** Returns the cached URL of a queue, or looks it up. Needs no lock: concurrent look-ups have the same result. */
    private String url(String queue) {
        String known = urls.get(queue);
        if (known != null) {
            return known;
        }
        Arn arn = Arn.tryFromString(queue).orElse(null);
        String url = sqs.getQueueUrl(request -> request.queueName(arn == null ? queue : arn.resourceAsString())
                        .queueOwnerAWSAccountId(
                                arn == null ? null : arn.accountId().orElse(null)))
                .queueUrl();
        urls.put(queue, url);
        return url;
    }
}
