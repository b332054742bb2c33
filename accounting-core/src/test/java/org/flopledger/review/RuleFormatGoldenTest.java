package org.flopledger.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that documents rule files is true: its example is read, and it names every key and activity. */
class RuleFormatGoldenTest {

    private static final Path PAGE = Path.of("docs/formats/rules.md");
    private static final Pattern EXAMPLE = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL);

    @Test
    void theExampleOfThePageIsRead() throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(PAGE));
        assertThat(example.find()).isTrue();

        ReviewProfile house = ReviewProfiles.parse("rules.md", example.group(1).getBytes(StandardCharsets.UTF_8));

        assertThat(house.rules()).hasSize(6);
        assertThat(house.rules().get(5).tolerance()).isEqualByComparingTo("0.30");
    }

    @Test
    void thePageNamesEveryActivityAndStatus() throws IOException {
        String page = Files.readString(PAGE);

        for (Activity activity : Activity.values()) {
            assertThat(page).contains("`" + activity.name() + "`");
        }
        for (ReviewRule.Status status : ReviewRule.Status.values()) {
            assertThat(page).contains("`" + status.name() + "`");
        }
    }
}
