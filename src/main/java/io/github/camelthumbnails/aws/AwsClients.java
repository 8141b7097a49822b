// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.aws;

import java.net.URI;
import org.apache.camel.BindToRegistry;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.PropertyInject;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The one client for each AWS service that all routes share. Camel's components find them in the registry by their type;
 * without them each endpoint would open a client with a connection pool of its own.
 *
 * <p>With an empty {@code aws.endpoint} the clients are the SDK's own: its credentials chain, its {@code AWS_*} variables.
 * With an endpoint they talk to an emulator, which takes any credentials, so these are made up and a laptop's real ones are
 * never used.
 */
public final class AwsClients implements CamelConfiguration {

    /** Binds the S3 client; path-style on an emulator, which has no host name for each bucket. */
    @BindToRegistry("s3Client")
    public S3Client s3(@PropertyInject("aws.region") String region, @PropertyInject("aws.endpoint") String endpoint) {
        return configure(S3Client.builder().forcePathStyle(!endpoint.isBlank()), region, endpoint)
                .build();
    }

    /** Binds the SQS client. */
    @BindToRegistry("sqsClient")
    public SqsClient sqs(@PropertyInject("aws.region") String region, @PropertyInject("aws.endpoint") String endpoint) {
        return configure(SqsClient.builder(), region, endpoint).build();
    }

    /** Binds the DynamoDB client. */
    @BindToRegistry("dynamoDbClient")
    public DynamoDbClient dynamoDb(
            @PropertyInject("aws.region") String region, @PropertyInject("aws.endpoint") String endpoint) {
        return configure(DynamoDbClient.builder(), region, endpoint).build();
    }

    private static <B extends AwsClientBuilder<B, ?>> B configure(B builder, String region, String endpoint) {
        builder.region(Region.of(region));
        if (!endpoint.isBlank()) {
            builder.endpointOverride(URI.create(endpoint))
                    .credentialsProvider(
                            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
        }
        return builder;
    }
}
