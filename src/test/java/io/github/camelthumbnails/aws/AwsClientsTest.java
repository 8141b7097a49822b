// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.camelthumbnails.observe.AwsTraceHeader;
import io.github.camelthumbnails.operate.OperatorAws;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.utils.SystemSetting;

/** Tests which credentials the clients use if {@code aws.endpoint} names an emulator. */
class AwsClientsTest {

    private static final List<SystemSetting> SETTINGS = List.of(
            SdkSystemSetting.AWS_ACCESS_KEY_ID,
            SdkSystemSetting.AWS_SECRET_ACCESS_KEY,
            ProfileFileSystemSetting.AWS_PROFILE,
            ProfileFileSystemSetting.AWS_CONFIG_FILE,
            ProfileFileSystemSetting.AWS_SHARED_CREDENTIALS_FILE);

    @TempDir
    Path home;

    @BeforeEach
    void hideCredentialsOfThisMachine() {
        assumeTrue(
                Stream.of(
                                SdkSystemSetting.AWS_ACCESS_KEY_ID,
                                SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE,
                                SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
                                SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI)
                        .allMatch(setting -> System.getenv(setting.environmentVariable()) == null),
                "the environment has credentials");
        set(ProfileFileSystemSetting.AWS_PROFILE, "default");
        set(ProfileFileSystemSetting.AWS_CONFIG_FILE, home.resolve("config").toString());
        set(
                ProfileFileSystemSetting.AWS_SHARED_CREDENTIALS_FILE,
                home.resolve("credentials").toString());
    }

    @AfterEach
    void restore() {
        SETTINGS.forEach(setting -> System.clearProperty(setting.property()));
    }

    private static void set(SystemSetting setting, String value) {
        System.setProperty(setting.property(), value);
    }

    @Test
    void dummyCredentialsAreUsedIfThereAreNoOthers() {
        assertThat(accessKeyId()).isEqualTo("local");
    }

    @Test
    void credentialsOfTheEnvironmentAreUsed() {
        set(SdkSystemSetting.AWS_ACCESS_KEY_ID, "emulator-key");
        set(SdkSystemSetting.AWS_SECRET_ACCESS_KEY, "emulator-secret");

        assertThat(accessKeyId()).isEqualTo("emulator-key");
    }

    @Test
    void credentialsOfTheProfileAreUsed() throws Exception {
        Files.writeString(home.resolve("credentials"), """
                [default]
                aws_access_key_id = profile-key
                aws_secret_access_key = profile-secret
                """);

        assertThat(accessKeyId()).isEqualTo("profile-key");
    }

    @ParameterizedTest
    @CsvSource({"true,1", "false,0"})
    void s3IsToldTheTraceOnlyIfTracesAreEnabled(String traces, int interceptors) {
        try (S3Client s3 = new AwsClients().s3("ap-northeast-2", "http://127.0.0.1:1", 5, 1, 1, traces)) {
            assertThat(s3.serviceClientConfiguration().overrideConfiguration().executionInterceptors())
                    .filteredOn(AwsTraceHeader.class::isInstance)
                    .hasSize(interceptors);
        }
    }

    /** Nothing else retries their calls. */
    @Test
    void clientsOfOperatorsRetryForLong() {
        try (OperatorAws aws =
                new AwsClients().operatorAws(new DefaultCamelContext(), "ap-northeast-2", "http://127.0.0.1:1", 5)) {
            assertThat(Stream.of(aws.s3(), aws.sqs(), aws.dynamoDb()))
                    .extracting(client -> client.serviceClientConfiguration()
                            .overrideConfiguration()
                            .retryStrategy()
                            .orElseThrow()
                            .maxAttempts())
                    .containsExactly(8, 8, 8);
        }
    }

    private static String accessKeyId() {
        try (SqsClient sqs = new AwsClients().sqs("ap-northeast-2", "http://127.0.0.1:1", 5, 1)) {
            return sqs.serviceClientConfiguration()
                    .credentialsProvider()
                    .resolveIdentity()
                    .join()
                    .accessKeyId();
        }
    }
}
