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
 * Lets requests to SQS name their queue: replaces a queue name or ARN with the queue URL just before the
 * request is sent. The URL is looked up with the first request and then kept, as it stays the same even if the queue is
 * deleted and created again.
 *
 * <p>Camel's SQS component would look up the name when the process starts, which would then end if SQS is not reachable.
 */
public final class QueueUrls implements ExecutionInterceptor {

    private final Map<String, String> urls = new ConcurrentHashMap<>();
    private volatile SqsClient sqs;

    /** Creates an interceptor, which needs {@link #lookUpWith} before its first request. */
    public QueueUrls() {}

    /** Sets the client that looks up names, which may be the client that this interceptor belongs to. */
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

    /** Looks a queue up without a lock: two threads that do so at the same time get the same answer. */
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
