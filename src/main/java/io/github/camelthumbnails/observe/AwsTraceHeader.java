// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Sends the current span to S3 when an object is stored. S3 passes it on with the event, as the message's system attribute
 * {@code AWSTraceHeader}.
 */
public final class AwsTraceHeader implements ExecutionInterceptor {

    private AwsTraceHeader() {}

    /** Creates an interceptor for the S3 client. */
    public static AwsTraceHeader create() {
        return new AwsTraceHeader();
    }

    @Override
    public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
        boolean stores = context.request() instanceof PutObjectRequest
                || context.request() instanceof CompleteMultipartUploadRequest;
        SpanContext span = Span.current().getSpanContext();
        if (!stores || !Span.current().isRecording()) {
            return context.httpRequest();
        }
        return context.httpRequest()
                .copy(request -> request.putHeader("X-Amzn-Trace-Id", SpanContexts.awsHeader(span)));
    }
}
