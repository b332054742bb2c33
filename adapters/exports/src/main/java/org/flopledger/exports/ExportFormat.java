package org.flopledger.exports;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The forms in which runs are told to others. The same runs at the same moment give the same bytes. Thread-safe. */
public enum ExportFormat {
    /** A CycloneDX 1.7 bill of materials, JSON, with one model per run. */
    CYCLONEDX {
        @Override
        public String text(String library, List<ExportedRun> runs, Instant created, Recipient recipient) {
            return CycloneDx.text(library, runs, created.truncatedTo(ChronoUnit.SECONDS));
        }
    },
    /** OpenLineage 2-0-2 run events with a facet of our own, one line per run. */
    OPENLINEAGE {
        @Override
        public String text(String library, List<ExportedRun> runs, Instant created, Recipient recipient) {
            Instant moment = created.truncatedTo(ChronoUnit.SECONDS);
            return runs.stream()
                    .map(run -> OpenLineageEvent.text(library, run, moment))
                    .collect(Collectors.joining());
        }
    },
    /** An SPDX 3.0.1 document, JSON-LD, with an AI package per run. */
    SPDX {
        @Override
        public String text(String library, List<ExportedRun> runs, Instant created, Recipient recipient) {
            return SpdxGraph.text(library, runs, created.truncatedTo(ChronoUnit.SECONDS));
        }
    },
    /** The compute fields of the European model documentation form, for one recipient. */
    EU_FORM {
        @Override
        public String text(String library, List<ExportedRun> runs, Instant created, Recipient recipient) {
            return EuForm.text(library, runs, recipient);
        }
    };

    /** Who receives the European documentation form; the other forms do not differ. */
    public enum Recipient {
        /** The AI Office: figures with two digits. */
        AI_OFFICE,
        /** A national authority: bands and orders of magnitude. */
        AUTHORITY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Returns runs in this form, ending with a line feed.
     *
     * @param library version of this library
     * @param runs the runs
     * @param created when the document is made
     * @param recipient who receives it
     */
    public abstract String text(String library, List<ExportedRun> runs, Instant created, Recipient recipient);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
