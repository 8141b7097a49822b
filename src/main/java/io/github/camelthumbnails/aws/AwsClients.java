// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.aws;

import java.net.URI;
import java.time.Duration;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.PropertyInject;
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
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The one client for each AWS service that all routes share. Camel's components find them in the registry by their type;
 * without them each endpoint would open a client with a connection pool of its own.
 *
 * <p>With an empty {@code aws.endpoint} the clients are the SDK's own: its credentials chain, its {@code AWS_*} variables.
 * With an endpoint they talk to an emulator or to an S3-compatible store. They use the credentials that the environment has, and
 * otherwise {@code local} and {@code local}, because emulators accept any. So a laptop's real credentials sign requests to local
 * AWS. This is harmless: a signature does not contain the secret key, and local AWS listens on the loopback interface only.
 *
 * <p>A call to S3 or DynamoDB is made once: the routes try again, and count. The SDK could not repeat an upload anyway, whose
 * body is gone. It does repeat calls to SQS, for a failure message is the last chance.
 */
public final class AwsClients implements CamelConfiguration {

    /** Binds the S3 client; path-style on an emulator, which has no host name for each bucket. */
    @BindToRegistry("s3Client")
    public S3Client s3(
            @PropertyInject("aws.region") String region,
            @PropertyInject("aws.endpoint") String endpoint,
            @PropertyInject("aws.timeoutSeconds") int timeout,
            @PropertyInject("http.workers") int workers,
            @PropertyInject("events.consumers") int consumers) {
        // Slow downloads, each of which holds a connection but no thread, are not to keep the others waiting.
        int connections = 2 * workers + consumers;
        return configure(S3Client.builder().forcePathStyle(!endpoint.isBlank()), region, endpoint)
                .httpClientBuilder(http(timeout).maxConnections(connections))
                .overrideConfiguration(once().build())
                .build();
    }

    /** Binds the SQS client, which waits for an answer as long as a long poll lasts besides. */
    @BindToRegistry("sqsClient")
    public SqsClient sqs(
            @PropertyInject("aws.region") String region,
            @PropertyInject("aws.endpoint") String endpoint,
            @PropertyInject("aws.timeoutSeconds") int timeout,
            @PropertyInject("events.waitTimeSeconds") int waitTime) {
        QueueUrls queueUrls = new QueueUrls();
        SqsClient client = configure(SqsClient.builder(), region, endpoint)
                .httpClientBuilder(http(timeout + waitTime))
                .overrideConfiguration(configuration -> configuration
                        .retryStrategy(RetryMode.STANDARD)
                        .apiCallAttemptTimeout(Duration.ofSeconds(timeout + waitTime))
                        .addExecutionInterceptor(queueUrls))
                .build();
        queueUrls.lookUpWith(client);
        return client;
    }

    /** Binds the DynamoDB client. */
    @BindToRegistry("dynamoDbClient")
    public DynamoDbClient dynamoDb(
            @PropertyInject("aws.region") String region,
            @PropertyInject("aws.endpoint") String endpoint,
            @PropertyInject("aws.timeoutSeconds") int timeout) {
        return configure(DynamoDbClient.builder(), region, endpoint)
                .httpClientBuilder(http(timeout))
                .overrideConfiguration(once().apiCallAttemptTimeout(Duration.ofSeconds(timeout))
                        .build())
                .build();
    }

    private static ClientOverrideConfiguration.Builder once() {
        return ClientOverrideConfiguration.builder().retryStrategy(AwsRetryStrategy.doNotRetry());
    }

    /** @param timeout how many seconds AWS may be silent */
    private static ApacheHttpClient.Builder http(int timeout) {
        if (timeout < 1) { // to some of what takes it, 0 is for ever
            throw new IllegalArgumentException("aws.timeoutSeconds is " + timeout + ": set it to at least 1");
        }
        return ApacheHttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(Math.min(timeout, 2)))
                .socketTimeout(Duration.ofSeconds(timeout))
                // AWS closes idle connections; a call on one that was just closed would fail.
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
     * Returns the SDK's default chain with made-up credentials at its end, and without EC2's instance metadata: where nothing
     * answers at that address, the lookup delays the first call by seconds.
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
