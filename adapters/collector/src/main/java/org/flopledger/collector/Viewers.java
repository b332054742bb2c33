package org.flopledger.collector;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Pages that are kept up to date by server-sent events. A page that does not keep up misses states, never memory. Thread-safe. */
final class Viewers {

    private static final int BEATS_WITHOUT_NEWS = 10;
    private static final byte[] BEAT = ": still here\n\n".getBytes(StandardCharsets.UTF_8);

    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    private final RunBoard board;
    private final int most;
    private volatile boolean isClosed;

    Viewers(RunBoard board, int most) {
        this.board = board;
        this.most = most;
    }

    private static final class Viewer {
        private final Response response;
        private final Callback whole;
        private final String filter;
        private final int offset;
        private final int limit;
        private final AtomicBoolean isWriting = new AtomicBoolean();
        private final AtomicBoolean isOver = new AtomicBoolean();
        private volatile long shown = -1;
        private final AtomicInteger quiet = new AtomicInteger();

        private Viewer(Response response, Callback whole, String filter, int offset, int limit) {
            this.response = response;
            this.whole = whole;
            this.filter = filter;
            this.offset = offset;
            this.limit = limit;
        }
    }

    int count() {
        return viewers.size();
    }

    /** Begins to send events. Returns false if there are too many viewers. */
    boolean add(Response response, Callback whole, String filter, int offset, int limit) {
        if (viewers.size() >= most || isClosed) {
            return false;
        }
        Viewer viewer = new Viewer(response, whole, filter, offset, limit);
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
        viewers.add(viewer);
        push(viewer);
        return true;
    }

    /** Sends what has changed since the last call to every page that is ready for it. */
    void push() {
        viewers.forEach(this::push);
    }

    private void push(Viewer viewer) {
        RunBoard.View shown = board.shown();
        boolean isNew = shown.version() != viewer.shown;
        if (!isNew && viewer.quiet.incrementAndGet() < BEATS_WITHOUT_NEWS) {
            return;
        }
        if (viewer.isWriting.compareAndSet(false, true)) {
            viewer.quiet.set(0);
            viewer.shown = shown.version();
            write(viewer, isNew ? event(viewer, shown) : BEAT);
        }
    }

    private static byte[] event(Viewer viewer, RunBoard.View shown) {
        byte[] json = BoardJson.page(shown, viewer.filter, viewer.offset, viewer.limit);
        ByteBuffer event = ByteBuffer.allocate(json.length + 16);
        event.put("data: ".getBytes(StandardCharsets.UTF_8))
                .put(json)
                .put((byte) '\n')
                .put((byte) '\n');
        byte[] bytes = new byte[event.flip().remaining()];
        event.get(bytes);
        return bytes;
    }

    private void write(Viewer viewer, byte[] bytes) {
        viewer.response.write(
                false,
                ByteBuffer.wrap(bytes),
                Callback.from(() -> viewer.isWriting.set(false), failure -> end(viewer, failure)));
    }

    private void end(Viewer viewer, Throwable failure) {
        viewers.remove(viewer);
        if (viewer.isOver.compareAndSet(false, true)) {
            viewer.whole.failed(failure);
        }
    }

    /** Ends every answer. */
    void close() {
        isClosed = true;
        for (Viewer viewer : List.copyOf(viewers)) {
            viewers.remove(viewer);
            if (viewer.isOver.compareAndSet(false, true)) {
                if (viewer.isWriting.compareAndSet(false, true)) {
                    viewer.response.write(true, ByteBuffer.allocate(0), viewer.whole);
                } else {
                    viewer.whole.failed(new java.io.IOException("the collector is closed"));
                }
            }
        }
    }
}
