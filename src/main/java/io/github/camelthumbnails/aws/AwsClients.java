// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.aws;

import io.github.camelthumbnails.observe.AwsTraceHeader;
import io.github.camelthumbnails.operate.OperatorAws;
import java.net.URI;
import java.time.Duration;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.PropertyInject;
import org.apache.camel.support.LifecycleStrategySupport;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Creates one client per AWS service, which all routes share. Camel's components find the clients in the registry by type.
 * Otherwise each endpoint would create a client with a connection pool of its own.
 *
 * <p>If {@code aws.endpoint} is empty, the clients use the SDK's defaults: its credentials chain and {@code AWS_*} variables.
 * Otherwise they connect to an emulator or an S3-compatible store. They use the credentials of the environment if there are any,
 * otherwise {@code local} and {@code local}, because emulators accept any. A laptop's real credentials may thus sign requests to
 * local AWS. This is harmless: a signature does not contain the secret key, and local AWS listens only on the loopback interface.
 *
 * <p>The SDK does not retry calls to S3 and DynamoDB: the routes retry and count them, and the body of an upload could not be
 * replayed. It does retry calls to SQS, because a failure message that is not sent would be lost.
 */
public final class AwsClients implements CamelConfiguration {

    /** Maximum number of attempts of a call in a command. The delays between them grow up to 20 seconds. */
    private static final int MAX_OPERATOR_ATTEMPTS = 8;

    /** Duration of a poll in a command, in seconds. */
    private static final int OPERATOR_POLL_SECONDS = 1;

    /**
     * Creates the S3 client. It uses path-style URLs with an emulator, which has no host name for each bucket.
     *
     * @param traces whether the client tells S3 the span in which an object is stored
     */
    @BindToRegistry("s3Client")
    public S3Client s3(
            @PropertyInject("aws.region") String region,
            @PropertyInject("aws.endpoint") String endpoint,
            @PropertyInject("aws.timeoutSeconds") int timeout,
            @PropertyInject("http.workers") int workers,
            @PropertyInject("events.consumers") int consumers,
            @PropertyInject("traces.enabled") String traces) {
        // More connections than threads: a slow download occupies a connection but no thread.
        int connections = 2 * workers + consumers;
        ClientOverrideConfiguration.Builder configuration = withoutRetries();
        if (traces.equals("true")) { // Tracing rejects values other than true and false
            configuration.addExecutionInterceptor(AwsTraceHeader.create());
        }
        return configure(S3Client.builder().forcePathStyle(!endpoint.isBlank()), region, endpoint)
                .httpClientBuilder(httpClient(timeout).maxConnections(connections))
                .overrideConfiguration(configuration.build())
                .build();
    }

    /** Creates the SQS client. Its timeout includes the duration of a long poll. */
    @BindToRegistry("sqsClient")
    public SqsClient sqs(
            @PropertyInject("aws.region") String region,
            @PropertyInject("aws.endpoint") String endpoint,
            @PropertyInject("aws.timeoutSeconds") int timeout,
            @PropertyInject("events.waitTimeSeconds") int waitTime) {
        return sqs(
                region,
                endpoint,
                timeout + waitTime,
                ClientOverrideConfiguration.builder().retryStrategy(RetryMode.STANDARD));
    }

    private static SqsClient sqs(
            String region, String endpoint, int timeout, ClientOverrideConfiguration.Builder configuration) {
        QueueUrls queueUrls = new QueueUrls();
        SqsClient client = configure(SqsClient.builder(), region, endpoint)
                .httpClientBuilder(httpClient(timeout))
                .overrideConfiguration(configuration
                        .apiCallAttemptTimeout(Duration.ofSeconds(timeout))
                        .addExecutionInterceptor(queueUrls)
                        .build())
                .build();
        queueUrls.lookUpWith(client);
        return client;
    }

    /** Creates the DynamoDB client. */
    @BindToRegistry("dynamoDbClient")
    public DynamoDbClient dynamoDb(
            @PropertyInject("aws.region") String region,
            @PropertyInject("aws.endpoint") String endpoint,
            @PropertyInject("aws.timeoutSeconds") int timeout) {
        return configure(DynamoDbClient.builder(), region, endpoint)
                .httpClientBuilder(httpClient(timeout))
                .overrideConfiguration(withoutRetries()
                        .apiCallAttemptTimeout(Duration.ofSeconds(timeout))
                        .build())
                .build();
    }

    /** Creates the clients of operators' commands. They retry, because nothing else does. */
    @BindToRegistry(value = "operatorAws", lazy = true) // a destroyMethod would create them when Camel stops
    public OperatorAws operatorAws(
            CamelContext context,
            @PropertyInject("aws.region") String region,
            @PropertyInject("aws.endpoint") String endpoint,
            @PropertyInject("aws.timeoutSeconds") int timeout) {
        OperatorAws aws = new OperatorAws(
                configure(S3Client.builder().forcePathStyle(!endpoint.isBlank()), region, endpoint)
                        .httpClientBuilder(httpClient(timeout))
                        .overrideConfiguration(withRetries().build())
                        .build(),
                sqs(region, endpoint, timeout + OPERATOR_POLL_SECONDS, withRetries()),
                configure(DynamoDbClient.builder(), region, endpoint)
                        .httpClientBuilder(httpClient(timeout))
                        .overrideConfiguration(withRetries().build())
                        .build());
        closeWith(context, aws::close);
        return aws;
    }

    /** Creates the CloudWatch client, which operators' requests use. It is not in OperatorAws, because most commands do not need it. */
    @BindToRegistry(value = "cloudWatchClient", lazy = true)
    public CloudWatchClient cloudWatch(
            CamelContext context,
            @PropertyInject("aws.region") String region,
            @PropertyInject("aws.endpoint") String endpoint,
            @PropertyInject("aws.timeoutSeconds") int timeout) {
        CloudWatchClient client = configure(CloudWatchClient.builder(), region, endpoint)
                .httpClientBuilder(httpClient(timeout))
                .overrideConfiguration(configuration -> configuration.retryStrategy(RetryMode.STANDARD))
                .build();
        closeWith(context, client::close);
        return client;
    }

    private static void closeWith(CamelContext context, Runnable close) {
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopped(CamelContext stopped) {
                close.run();
            }
        });
    }

    private static ClientOverrideConfiguration.Builder withRetries() {
        return ClientOverrideConfiguration.builder()
                .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(MAX_OPERATOR_ATTEMPTS)
                        .build());
    }

    private static ClientOverrideConfiguration.Builder withoutRetries() {
        return ClientOverrideConfiguration.builder().retryStrategy(AwsRetryStrategy.doNotRetry());
    }

    /** Configures the timeouts of an HTTP client, in seconds. */
    private static ApacheHttpClient.Builder httpClient(int timeout) {
        if (timeout < 1) { // 0 would mean no timeout to some of the methods below
            throw new IllegalArgumentException("aws.timeoutSeconds is " + timeout + ": set it to at least 1");
        }
        return ApacheHttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(Math.min(timeout, 2)))
                .socketTimeout(Duration.ofSeconds(timeout))
                // AWS closes idle connections, and a call on a connection that was just closed would fail.
                .connectionMaxIdleTime(Duration.ofSeconds(5));
    }

    private static <B extends AwsClientBuilder<B, ?>> B configure(B builder, String region, String endpoint) {
        builder.region(Region.of(region));
        if (!endpoint.isBlank()) {
            builder.endpointOverride(URI.create(endpoint)).credentialsProvider(endpointCredentials());
        }
        return builder;
    }

    /**
     * Returns the SDK's default credentials chain with dummy credentials at its end. It leaves out the EC2 instance metadata,
     * because outside EC2 their lookup delays the first call by seconds.
     */
    private static AwsCredentialsProvider endpointCredentials() {
        return AwsCredentialsProviderChain.of(
                SystemPropertyCredentialsProvider.create(),
                EnvironmentVariableCredentialsProvider.create(),
                WebIdentityTokenFileCredentialsProvider.create(),
                ProfileCredentialsProvider.create(),
                ContainerCredentialsProvider.create(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
    }
}
