package org.flopledger.logs;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** Walks over several walks, one after the other, of which there is at least one. */
final class JoinedIterator<T> implements Iterator<T> {

    private final Iterator<Iterator<T>> parts;
    private Iterator<T> part;

    JoinedIterator(Iterator<Iterator<T>> parts) {
        this.parts = parts;
        part = parts.next();
    }

    @Override
    public boolean hasNext() {
        while (!part.hasNext() && parts.hasNext()) {
            part = parts.next();
        }
        return part.hasNext();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return part.next();
    }
}
