// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import io.github.camelthumbnails.App;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.apache.camel.main.Main;

/**
 * Everything on this machine in one process: local AWS with what the application needs in it, and the application. With the
 * argument {@code aws} only local AWS, for an application that is run by other means.
 */
public final class LocalRun {

    private static final Path DIRECTORY = Path.of(".local-aws");

    private LocalRun() {}

    /**
     * Runs until Ctrl-C. Where {@code AWS_ENDPOINT_URL} names another emulator, that one is used.
     *
     * @param args {@code aws} to leave the application out
     */
    public static void main(String[] args) {
        boolean withApplication = args.length == 0 || !args[0].equals("aws");
        Running running = new Running();
        // One hook for all: the application is stopped before the AWS that it works with.
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

    private static String rootMessage(Throwable e) {
        return e.getCause() == null || e instanceof IOException
                ? String.valueOf(e.getMessage())
                : rootMessage(e.getCause());
    }

    /** What has been started so far. */
    private static final class Running {

        private LocalAws aws;
        private Main application;

        synchronized void start(boolean withApplication) throws Exception {
            URI endpoint = URI.create(AwsResources.setting("aws.endpoint"));
            String region = AwsResources.setting("aws.region");
            if (System.getenv("AWS_ENDPOINT_URL") == null) {
                aws = LocalAws.start(DIRECTORY, endpoint.getPort(), region);
            }
            AwsResources resources = AwsResources.fromSettings();
            resources.provision(new AwsEndpoint(endpoint.toString(), region));
            if (withApplication) {
                application = new Main(App.class);
                application.configure().setProfile("dev");
                application.start();
                System.out.print(applicationText(resources));
            }
            System.out.println(awsText(resources, endpoint, region));
        }

        synchronized void stop() {
            if (application != null) {
                application.stop();
            }
            if (aws != null) {
                aws.close();
                System.out.println("Stopped. What was stored is in " + DIRECTORY + " and will be there again.");
            }
        }
    }

    private static String applicationText(AwsResources resources) {
        String text = """

                camel-thumbnails is running on this machine. Ctrl-C stops it.

                  health    http://127.0.0.1:%s/observe/health
                """.formatted(AwsResources.setting("camel.management.port"));
        if (!AwsResources.setting("app.roles").contains("upload")) {
            return text;
        }
        return text
                + """
                  upload    PUT %1$s{key}

                Try it in another terminal:

                  curl -i -T photo.jpg %1$sphoto.jpg
                """.formatted("http://127.0.0.1:" + AwsResources.setting("camel.server.port") + "/"
                        + AwsResources.setting("api.stage") + "/" + resources.originals() + "/");
    }

    private static String awsText(AwsResources resources, URI endpoint, String region) {
        return """

                Local AWS is at %1$s (S3, SQS and DynamoDB, region %2$s, any credentials).

                  buckets   %3$s, %4$s
                  queues    %5$s, %6$s, %7$s
                  table     %8$s

                Look into it with the aws command:

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
                        resources.table());
    }
}
