package org.flopledger.collector;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Says who may ask: whoever has the token, or, without one, programs of this machine and this server's own page. Immutable. */
final class Gate {

    private static final String BEARER = "Bearer ";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final byte @Nullable [] token;

    Gate(@Nullable String token) {
        this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns 0, or the status with which a request is refused. */
    int refusal(Request request) {
        if (isOfAnotherOrigin(request)) {
            return 403;
        }
        byte[] expected = token;
        if (expected == null) {
            // A page of elsewhere may have its name resolve to this machine: then the name is not ours.
            return LOOPBACK.contains(Request.getServerName(request)) ? 0 : 421;
        }
        String told = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        boolean holds = told != null
                && told.startsWith(BEARER)
                && MessageDigest.isEqual(told.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8), expected);
        return holds ? 0 : 401;
    }

    /** Returns whether a browser says that a page of elsewhere asks. */
    static boolean isOfAnotherOrigin(Request request) {
        HttpFields headers = request.getHeaders();
        String site = headers.get("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        String origin = headers.get(HttpHeader.ORIGIN);
        String host = headers.get(HttpHeader.HOST);
        return origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host);
    }
}
