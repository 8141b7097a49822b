// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import io.github.camelthumbnails.image.gif.GifCodec;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.openqa.selenium.OutputType;

/**
 * Takes four screenshots of what a browser shows, and puts them next to each other: on the left a desktop, on the right
 * a phone, both in light and in dark colours.
 */
final class Sheet {

    /** Arguments of a browser that has a mouse, although it has no window. */
    static final String[] DESKTOP = {
        "--hide-scrollbars",
        "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"
    };

    private static final Path DIRECTORY = Path.of(System.getProperty("page.screenshots", "target/page-screenshots"));

    private static final boolean[] COLOURS = {false, true};
    private static final int GAP = 16;
    private static final int PHONE_WIDTH = 390;
    private static final int DESKTOP_WIDTH = 1100;
    private static final double DESKTOP_SCALE = 0.6;
    private static final int SCALED_DESKTOP_WIDTH = (int) (DESKTOP_WIDTH * DESKTOP_SCALE);

    private final Browser browser;
    private final BufferedImage sheet;
    private final int height;

    private Sheet(Browser browser, int height) {
        this.browser = browser;
        this.height = height;
        int width = 4 * GAP + SCALED_DESKTOP_WIDTH + 2 * PHONE_WIDTH;
        sheet = new BufferedImage(width, height + 2 * GAP, BufferedImage.TYPE_INT_RGB);
    }

    /**
     * Writes the sheet of a view.
     *
     * @param height height of the phone
     * @param isShown returns whether the screenshot can be taken; may scroll first
     */
    static void write(String view, Browser browser, int height, Callable<Boolean> isShown) throws IOException {
        BufferedImage sheet = new Sheet(browser, height).draw(isShown);
        Files.createDirectories(DIRECTORY);
        ImageIO.write(
                inFewColours(sheet), "png", DIRECTORY.resolve(view + ".png").toFile());
    }

    private BufferedImage draw(Callable<Boolean> isShown) throws IOException {
        int scaledHeight = (height - GAP) / 2;
        int desktopHeight = (int) (scaledHeight / DESKTOP_SCALE);
        browser.driver.executeCdpCommand("Input.dispatchMouseEvent", Map.of("type", "mouseMoved", "x", 0, "y", 0));
        Graphics2D graphics = sheet.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.setColor(new Color(0x8C8C94));
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        try {
            for (boolean dark : COLOURS) { // the desktops first: after a touch screen, there is no mouse any more
                int top = dark ? 2 * GAP + scaledHeight : GAP;
                BufferedImage desktop = screenshot(DESKTOP_WIDTH, desktopHeight, dark, isShown);
                graphics.drawImage(desktop, GAP, top, SCALED_DESKTOP_WIDTH, scaledHeight, null);
            }
            touch(true);
            for (boolean dark : COLOURS) {
                int left = 2 * GAP + SCALED_DESKTOP_WIDTH + (dark ? PHONE_WIDTH + GAP : 0);
                graphics.drawImage(screenshot(PHONE_WIDTH, height, dark, isShown), left, GAP, null);
            }
        } finally {
            graphics.dispose();
            touch(false);
            browser.media("prefers-color-scheme", "");
            browser.width(0);
        }
        return sheet;
    }

    private BufferedImage screenshot(int width, int height, boolean dark, Callable<Boolean> isShown)
            throws IOException {
        browser.media("prefers-color-scheme", dark ? "dark" : "light");
        browser.width(width, height);
        UploadPage.await(isShown);
        return ImageIO.read(new ByteArrayInputStream(browser.driver.getScreenshotAs(OutputType.BYTES)));
    }

    private void touch(boolean enabled) {
        browser.driver.executeCdpCommand("Emulation.setTouchEmulationEnabled", Map.of("enabled", enabled));
    }

    /** Reduces the colours to those of a GIF, because a PNG with a palette is much smaller. */
    private static BufferedImage inFewColours(BufferedImage image) throws IOException {
        try (var writer = new GifCodec().writer(new Dimension(image.getWidth(), image.getHeight()), null, 1, null)) {
            writer.add(image, 0, 1);
            return ImageIO.read(new ByteArrayInputStream(writer.finish(1, Optional.empty())));
        }
    }
}
