package org.flopledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Holds documents against the repository and the command. */
class GuideTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
    private static final Path GUIDE = Path.of("docs", "guide.md");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]+]\\(([^)\\s]+)\\)");
    private static final Pattern USE = Pattern.compile("flopledger ([a-z]+)([^\\n`|]*)");
    private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z-]+");

    @Test
    void every_link_of_the_documents_leads_somewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                String target = link.group(1);
                if (!target.contains("://") && !target.startsWith("mailto:")) {
                    links++;
                    if (!leadsSomewhere(document, target)) {
                        broken.add(ROOT.relativize(document.toAbsolutePath().normalize()) + ": " + target);
                    }
                }
            }
        }

        assertThat(links).isGreaterThan(20);
        assertThat(broken).isEmpty();
    }

    @Test
    void every_command_and_option_of_the_guide_exists() throws IOException {
        CommandLine whole =
                FlopLedgerCommand.commandLine(new java.io.PrintWriter(System.out), new java.io.PrintWriter(System.err));
        Matcher use = USE.matcher(Files.readString(GUIDE) + Files.readString(ROOT.resolve("README.md")));
        int checked = 0;
        while (use.find()) {
            CommandLine command = whole.getSubcommands().get(use.group(1));
            assertThat(command).as(use.group()).isNotNull();
            Matcher option = OPTION.matcher(use.group(2));
            while (option.find()) {
                assertThat(command.getCommandSpec().optionsMap())
                        .as(use.group())
                        .containsKey(option.group());
                checked++;
            }
        }

        assertThat(checked).isGreaterThan(10);
    }

    @Test
    void every_command_is_in_the_guide() throws IOException {
        String guide = Files.readString(GUIDE);
        CommandLine whole =
                FlopLedgerCommand.commandLine(new java.io.PrintWriter(System.out), new java.io.PrintWriter(System.err));

        assertThat(whole.getSubcommands().keySet())
                .allSatisfy(name -> assertThat(guide).contains("flopledger " + name));
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .filter(file -> !ROOT.relativize(file).toString().startsWith("."))
                    .toList();
        }
    }

    private static boolean leadsSomewhere(Path document, String target) throws IOException {
        int sign = target.indexOf('#');
        String path = sign < 0 ? target : target.substring(0, sign);
        Path file = path.isEmpty() ? document : document.resolveSibling(path);
        if (!Files.exists(file)) {
            return false;
        }
        return sign < 0 || anchors(file).contains(target.substring(sign + 1));
    }

    /** Returns the anchors of headings, as a viewer makes them. */
    private static List<String> anchors(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+\\s*", "").toLowerCase(Locale.ROOT))
                .map(title -> title.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
                .toList();
    }
}
