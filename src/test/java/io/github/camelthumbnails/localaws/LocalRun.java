// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import io.github.camelthumbnails.App;
import io.github.camelthumbnails.operate.command.Commands;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Runs local AWS and the application in one process, creates the buckets, queues and tables, and prints where everything is. With
 * the argument {@code aws} it leaves the application out, so that you can run it by other means, such as the Camel CLI.
 */
public final class LocalRun {

    private static final Path DIRECTORY = Path.of(".local-aws");

    private static final int CONNECT_MILLIS = 2000;

    private LocalRun() {}

    /**
     * Runs until Ctrl-C. Uses another emulator instead of local AWS if {@code AWS_ENDPOINT_URL} names one.
     *
     * @param args {@code aws} to leave the application out; or a command of operators and its options, which uses the local AWS that
     *     another process runs
     */
    public static void main(String[] args) {
        boolean withApplication = args.length == 0 || !args[0].equals("aws");
        if (withApplication && Commands.isCommand(args)) {
            System.exit(Commands.run(args, LocalRun::createCommandApplication));
        }
        Running running = new Running();
        // A single shutdown hook, because the application must stop before local AWS does.
        Runtime.getRuntime().addShutdownHook(new Thread(running::stop, "stop"));
        try {
            running.start(withApplication);
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            System.err.println("\ncamel-thumbnails did not start: " + rootMessage(e));
            System.exit(1);
        }
    }

    private static Main createCommandApplication() {
        URI endpoint = URI.create(AwsResources.setting("aws.endpoint"));
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), CONNECT_MILLIS);
        } catch (IOException e) {
            throw new IllegalStateException("Local AWS does not run at " + endpoint
                    + ". Start it in another terminal: mvn test-compile exec:java");
        }
        Main main = new Main(App.class);
        main.configure().setProfile("dev");
        return main;
    }

    private static String rootMessage(Throwable e) {
        return e.getCause() == null || e instanceof IOException
                ? String.valueOf(e.getMessage())
                : rootMessage(e.getCause());
    }

    /** Starts and stops local AWS and the application. */
    private static final class Running {

        private LocalAws aws;
        private Main application;

        synchronized void start(boolean withApplication) throws Exception {
            URI endpoint = URI.create(AwsResources.setting("aws.endpoint"));
            String region = AwsResources.setting("aws.region");
            String http = "http://127.0.0.1:" + AwsResources.setting("camel.server.port");
            if (System.getenv("AWS_ENDPOINT_URL") == null) {
                aws = LocalAws.start(DIRECTORY, endpoint.getPort(), region);
            }
            AwsResources resources = AwsResources.fromSettings();
            resources.provision(new AwsEndpoint(endpoint.toString(), region));
            if (withApplication) {
                application = new Main(App.class);
                application.configure().setProfile("dev");
                application.start();
                awaitReadiness(application.getCamelContext());
                System.out.print(applicationBanner(http));
            }
            System.out.print(awsBanner(resources, endpoint, region));
            if (withApplication && isUploadEnabled()) {
                System.out.print(uploadBanner(http));
            }
            System.out.println();
        }

        synchronized void stop() {
            if (application != null) {
                application.stop();
            }
            if (aws != null) {
                aws.close();
                System.out.println("Stopped. Stored data is kept in " + DIRECTORY + " for the next run.");
            }
        }
    }

    /** Waits until the application has reached AWS, so that what it logs while it starts comes before the banner. */
    private static void awaitReadiness(CamelContext context) {
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> HealthCheckHelper.invokeReadiness(context).stream()
                            .allMatch(result -> result.getState() == HealthCheck.State.UP));
        } catch (ConditionTimeoutException e) {
            // The application runs, and its log says what it cannot reach.
        }
    }

    private static String applicationBanner(String http) {
        String banner = """

                camel-thumbnails is running on this machine. Press Ctrl-C to stop it.

                """;
        if (isUploadEnabled()) {
            banner += """
                      page      %1$s/
                      API       PUT %2$s/{key}
                    """.formatted(http, originalsUrl(http));
        }
        return banner + """
                  health    http://127.0.0.1:%s/observe/health
                """.formatted(AwsResources.setting("camel.management.port"));
    }

    private static String awsBanner(AwsResources resources, URI endpoint, String region) {
        return """

                Local AWS is at %1$s (S3, SQS and DynamoDB, region %2$s, any credentials).

                  buckets   %3$s, %4$s
                  queues    %5$s, %6$s, %7$s
                  tables    %8$s, %9$s

                Use the aws command in another terminal to look at them:

                  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=%2$s
                  aws --endpoint-url %1$s s3 ls --recursive s3://%4$s
                  aws --endpoint-url %1$s dynamodb scan --table-name %8$s
                  aws --endpoint-url %1$s sqs receive-message --message-attribute-names All --queue-url \\
                      "$(aws --endpoint-url %1$s sqs get-queue-url --queue-name %6$s --query QueueUrl --output text)"
                """.formatted(
                        endpoint,
                        region,
                        resources.originals(),
                        resources.thumbnails(),
                        resources.events(),
                        resources.failures(),
                        resources.dead(),
                        resources.table(),
                        resources.failuresTable());
    }

    private static String uploadBanner(String http) {
        return """

                Upload a picture: drop it on the page, or run in another terminal:

                  curl -i -T docs/page.png %s/page.png
                """.formatted(originalsUrl(http));
    }

    private static boolean isUploadEnabled() {
        return AwsResources.setting("app.roles").contains("upload");
    }

    private static String originalsUrl(String http) {
        return http + "/" + AwsResources.setting("api.stage") + "/" + AwsResources.setting("originals.bucket");
    }
}
