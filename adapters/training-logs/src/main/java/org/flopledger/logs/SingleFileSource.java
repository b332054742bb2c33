package org.flopledger.logs;

import java.util.List;
import java.util.function.Function;

/**
 * A format whose runs are told by one file each: only the recognition and the reading are left to write.
 *
 * <p>Files with the same identity tell one run. The one that tells most steps is kept; where another one is not its beginning, the
 * run says so.
 */
public abstract class SingleFileSource implements LogSource<RunEvidence> {

    private final LogFormat format;

    /** Creates the source of a format. */
    protected SingleFileSource(LogFormat format) {
        this.format = format;
    }

    @Override
    public final LogFormat format() {
        return format;
    }

    @Override
    public final void assemble(List<FilePart<RunEvidence>> parts, LogAssembly assembly) {
        FilePart.by(part -> part.told().id(format), parts)
                .forEach((id, copies) ->
                        assembly.add(new RunCopies<>(copies, Function.identity()).run(id, format, assembly)));
    }
}
