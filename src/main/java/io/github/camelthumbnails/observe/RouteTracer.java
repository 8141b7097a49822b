// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.apache.camel.telemetry.Op;
import org.apache.camel.telemetry.TagConstants;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Camel's tracer, which makes a span for each request, for each event and for each call of a component. This class adds links to
 * other traces, the object key, and errors that the routes have handled. Calls between routes and metrics are not traced.
 */
final class RouteTracer extends OpenTelemetryTracer {

    /** Matches the URL of a request without its query. Group 1 is the host. */
    private static final Pattern URL = Pattern.compile("https?://(\\[[^]]*]|[^:/?]*)[^?]*");

    private final OpenTelemetrySdk sdk;
    private final UnaryOperator<String> hosts;

    private RouteTracer(OpenTelemetrySdk sdk, UnaryOperator<String> hosts) {
        this.sdk = sdk;
        this.hosts = hosts;
    }

    /**
     * Creates a tracer.
     *
     * @param sdk sends the spans; it is closed with the tracer
     * @param hosts returns the host name of a component's service
     */
    static RouteTracer of(OpenTelemetrySdk sdk, UnaryOperator<String> hosts) {
        return new RouteTracer(sdk, hosts);
    }

    /** Leaves out calls between routes and metrics. Camel's own patterns are slow, and it compares them with each call twice. */
    @Override
    public boolean exclude(String endpointUri, CamelContext context) {
        return endpointUri.startsWith("direct:") || endpointUri.startsWith("micrometer:");
    }

    @Override
    protected void beginEventSpan(Exchange exchange, Endpoint endpoint, Op op) throws Exception {
        super.beginEventSpan(exchange, endpoint, op);
        Observers.run(() -> describeBeginning(exchange, endpoint, op));
    }

    private void describeBeginning(Exchange exchange, Endpoint endpoint, Op op) {
        Span span = Span.current();
        if (op == Op.EVENT_RECEIVED && Traces.root(exchange) == null) {
            beginRoot(exchange, span);
        }
        RootSpan root = Traces.root(exchange);
        if (root != null) {
            root.describe(exchange);
        }
        String scheme = scheme(endpoint);
        if (scheme.startsWith("aws2-")) {
            span.setAttribute(TagConstants.SERVER_ADDRESS, hosts.apply(scheme));
        }
        if (endpoint instanceof AWS2S3Endpoint s3) {
            span.setAttribute("aws.s3.bucket", s3.getConfiguration().getBucketName());
            span.setAttribute("aws.s3.key", key(exchange, s3.getConfiguration().getKeyName()));
        }
    }

    private static void beginRoot(Exchange exchange, Span span) {
        RootSpan root = new RootSpan(span, SpanContexts.ofAwsHeader(awsHeader(exchange)));
        exchange.setProperty("rootSpan", root);
        if (root.context().isSampled()) {
            exchange.setProperty("traceId", root.context().getTraceId());
        }
        // If the caller is trusted, its trace is continued, and nothing is left to link.
        if (exchange.getMessage().getHeader("traceparent") instanceof String caller) {
            root.link(SpanContexts.ofTraceparent(caller));
        }
        // Camel has set the address that the server listens on, and the URL with its query, which may hold a signature.
        Matcher url = URL.matcher(String.valueOf(exchange.getMessage().getHeader(Exchange.HTTP_URL)));
        if (url.lookingAt()) {
            span.setAttribute(TagConstants.HTTP_URL, url.group());
            span.setAttribute(TagConstants.SERVER_ADDRESS, url.group(1));
        }
    }

    private static String awsHeader(Exchange exchange) {
        return exchange.getMessage().getHeader(Sqs2Constants.ATTRIBUTES) instanceof Map<?, ?> attributes
                ? (String) attributes.get(MessageSystemAttributeName.AWS_TRACE_HEADER)
                : null;
    }

    private static String scheme(Endpoint endpoint) {
        String uri = endpoint.getEndpointUri();
        return uri.substring(0, uri.indexOf(':'));
    }

    /** Evaluates the option keyName as the component will. Without it, the key is in a header. */
    private static String key(Exchange exchange, String keyName) {
        return keyName == null
                ? exchange.getMessage().getHeader(AWS2S3Constants.KEY, String.class)
                : exchange.getContext()
                        .resolveLanguage("simple")
                        .createExpression(keyName)
                        .evaluate(exchange, String.class);
    }

    @Override
    protected void endEventSpan(Exchange exchange, Endpoint endpoint) throws Exception {
        Observers.run(() -> describeEnd(exchange, endpoint));
        super.endEventSpan(exchange, endpoint);
    }

    private static void describeEnd(Exchange exchange, Endpoint endpoint) {
        RootSpan root = Traces.root(exchange);
        if (root != null && endpoint == exchange.getFromEndpoint()) {
            root.describe(exchange);
            root.linkMessage();
            Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
            if (status != null && status >= 500) {
                root.fail();
            }
        }
    }

    /** Sends the remaining spans. */
    @Override
    protected void doShutdown() {
        super.doShutdown();
        sdk.close();
    }
}
