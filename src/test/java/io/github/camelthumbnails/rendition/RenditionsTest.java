// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.rendition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.github.camelthumbnails.image.Box;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Preset;
import io.github.camelthumbnails.image.Scale;
import io.github.camelthumbnails.image.Sizing;
import java.awt.Color;
import java.awt.Dimension;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what the settings of the renditions mean. {@link RenditionErrorsTest} tests which ones are rejected. */
class RenditionsTest {

    private static final String CARD = "fit:640x480 format:webp quality:0.75 background:Ff8000 key:cards/{key}";

    /** Parses settings in the notation of a properties file, separated by semicolons. */
    static Renditions parse(String settings) {
        Map<String, String> values = new TreeMap<>();
        for (String setting : settings.split(";", -1)) {
            String[] parts = setting.split("=", 2);
            values.put(parts[0].strip(), parts[1]);
        }
        return Renditions.parse(values.get("renditions"), name -> Optional.ofNullable(values.get(name)));
    }

    private static Preset card(String line) {
        return ConfiguredRendition.parse("card", line).preset();
    }

    private static String hash(String line) {
        return parse("renditions=card;renditions.card=" + line).hash();
    }

    @Test
    void settingsDescribeTheRenditionsInTheirOrder() {
        Renditions renditions = parse("renditions= thumbnail, avatar ,card ;"
                + "renditions.avatar=fill:200x200 key:avatars/{key} format:jpeg background:#000000;"
                + "renditions.card= fit:640x480\tformat:webp  quality:0.75 ;"
                + "renditions.thumbnail=scale:0.5");
        assertThat(renditions.presets())
                .containsExactly(
                        new Preset("thumbnail", new Scale(new BigDecimal("0.5"))),
                        new Preset("avatar", new Box(200, 200, true), Optional.of(ImageFormat.JPEG), 0.8, Color.BLACK),
                        new Preset("card", new Box(640, 480, false), Optional.of(ImageFormat.WEBP), 0.75, Color.WHITE));
        assertThat(renditions.keys("a/photo.jpg"))
                .containsExactly(
                        entry("thumbnail", "resized-a/photo.jpg"),
                        entry("avatar", "avatars/a/photo.jpg"),
                        entry("card", "card/a/photo.jpg"));
        assertThat(renditions.maxOriginalKeyBytes()).isEqualTo(1016);
    }

    @ParameterizedTest
    @CsvSource({
        "scale:0.25, 300, 200",
        "scale:1, 1200, 800",
        "width:600, 600, 400",
        "width:5000, 1200, 800",
        "height:400, 600, 400",
        "width:600 height:100, 150, 100",
        "fit:300x300, 300, 200",
        "fit:9000x9000, 1200, 800",
        "fill:300x300, 300, 300",
        "fill:16383x1, 16383, 1",
        "format:webp, 1200, 800",
    })
    void sizeOfAPictureOf1200By800(String line, int width, int height) {
        Sizing sizing = card(line).sizing();
        assertThat(sizing.target(1200, 800).size()).isEqualTo(new Dimension(width, height));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "webp", "avif", "gif"})
    void formatIsThatOfTheSetting(String format) {
        assertThat(card("format:" + format).format().orElseThrow().name()).isEqualToIgnoringCase(format);
    }

    @Test
    void formatIsThatOfTheOriginalByDefault() {
        assertThat(card("format:same").format()).isEmpty();
        assertThat(card("scale:0.5").format()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"quality:0, 0", "quality:1, 1", "quality:0.50, 0.5", "format:same quality:0.9, 0.9", "scale:1, 0.8"})
    void qualityIsThatOfTheSetting(String line, double quality) {
        assertThat(card(line).quality()).isEqualTo(quality);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key:cards/{key} background:#fF8000 quality:0.75 format:webp fit:640x480",
                "  fit:640x480   format:webp\tquality:0.750 background:ff8000 key:cards/{key} ",
                "width:640 height:0480 format:webp quality:0.75 background:ff8000 key:cards/{key}",
            })
    void hashStaysIfTheSettingMeansTheSame(String line) {
        assertThat(hash(line)).isEqualTo(hash(CARD));
    }

    @ParameterizedTest
    @CsvSource({
        "scale:0.5, scale:0.50",
        "scale:1, format:same",
        "scale:1, quality:0.8",
        "scale:1, background:FFFFFF",
        "scale:1, key:card/{key}",
    })
    void hashOfADefaultIsThatOfItsValue(String one, String other) {
        assertThat(hash(one)).isEqualTo(hash(other));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fit:641x480 format:webp quality:0.75 background:ff8000 key:cards/{key}",
                "fit:640x481 format:webp quality:0.75 background:ff8000 key:cards/{key}",
                "fill:640x480 format:webp quality:0.75 background:ff8000 key:cards/{key}",
                "width:640 format:webp quality:0.75 background:ff8000 key:cards/{key}",
                "scale:0.5 format:webp quality:0.75 background:ff8000 key:cards/{key}",
                "fit:640x480 format:jpeg quality:0.75 background:ff8000 key:cards/{key}",
                "fit:640x480 format:webp quality:0.76 background:ff8000 key:cards/{key}",
                "fit:640x480 format:webp quality:0.75 background:fe8000 key:cards/{key}",
                "fit:640x480 format:webp quality:0.75 background:ff8100 key:cards/{key}",
                "fit:640x480 format:webp quality:0.75 background:ff8001 key:cards/{key}",
                "fit:640x480 format:webp quality:0.75 background:ff8000 key:card/{key}",
            })
    void hashChangesWithTheRendition(String line) {
        assertThat(hash(line)).isNotEqualTo(hash(CARD));
    }

    @Test
    void hashChangesWithNameAndOrder() {
        String settings = ";renditions.card=" + CARD + ";renditions.other=scale:0.5;renditions.tile=" + CARD;
        assertThat(parse("renditions=card,other" + settings).hash())
                .isNotEqualTo(parse("renditions=other,card" + settings).hash())
                .isNotEqualTo(parse("renditions=card" + settings).hash())
                .isNotEqualTo(parse("renditions=tile,other" + settings).hash());
    }

    @Test
    void hashOfTheDefaultNeverChanges() {
        assertThat(parse("renditions=thumbnail;renditions.thumbnail=scale:0.5").hash())
                .as("items of an earlier version count as outdated if this changes")
                .isEqualTo("5cbb382740e33a64");
    }

    @Test
    void longestPatternLimitsTheOriginalsKey() {
        String settings = "renditions=thumbnail,card;renditions.thumbnail=scale:0.5;renditions.card=scale:0.5 key:";
        assertThat(parse(settings + "x".repeat(123) + "/{key}").maxOriginalKeyBytes())
                .isEqualTo(900);
        assertThatThrownBy(() -> parse(settings + "x".repeat(124) + "/{key}"))
                .hasMessageStartingWith("renditions.card: The key pattern adds 125 bytes");
    }

    @Test
    void longestNameIsAccepted() {
        String name = "a" + "-1".repeat(15) + "b";
        assertThat(parse("renditions=" + name + ";renditions." + name + "=scale:1")
                        .keys("x"))
                .containsExactly(entry(name, name + "/x"));
    }
}
