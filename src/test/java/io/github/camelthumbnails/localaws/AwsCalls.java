// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;

/**
 * Records the calls that the AWS SDK makes in this JVM, grouped by the port of the endpoint. The SDK finds this class by the file
 * {@code execution.interceptors} and creates an instance for each client.
 */
public final class AwsCalls implements ExecutionInterceptor {

    private static final Map<Integer, Set<Call>> CALLS = new ConcurrentHashMap<>();

    /** Creates an interceptor. Called by the SDK. */
    public AwsCalls() {}

    /**
     * Describes calls with the same operation, resource and result.
     *
     * @param operation the service and operation, such as {@code S3 GetObject}
     * @param resource the bucket, queue URL or table
     * @param status the HTTP status of the response
     */
    public record Call(String operation, String resource, int status) {}

    /** Returns all calls to this port so far. */
    public static Set<Call> madeTo(int port) {
        return Set.copyOf(CALLS.getOrDefault(port, Set.of()));
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        String operation = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME) + " "
                + attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        Set<Call> calls = CALLS.computeIfAbsent(context.httpRequest().port(), port -> ConcurrentHashMap.newKeySet());
        for (String resource : resources(context.request())) {
            calls.add(new Call(operation, resource, context.httpResponse().statusCode()));
        }
    }

    private static Collection<String> resources(SdkRequest request) {
        if (request instanceof BatchGetItemRequest batch) {
            return batch.requestItems().keySet();
        }
        return List.of(Stream.of("Bucket", "QueueUrl", "TableName")
                .map(field -> request.getValueForField(field, String.class))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(""));
    }
}
