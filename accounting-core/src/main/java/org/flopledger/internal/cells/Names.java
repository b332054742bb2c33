package org.flopledger.internal.cells;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.collections.impl.map.mutable.primitive.ObjectIntHashMap;

/** Names numbered from 0 in order of arrival. */
public final class Names {

    private final ObjectIntHashMap<String> numbers = new ObjectIntHashMap<>();
    private final List<String> names = new ArrayList<>();

    /** Returns the number of a name, new if it has none. */
    public int number(String name) {
        int number = numbers.getIfAbsent(name, -1);
        if (number < 0) {
            number = names.size();
            numbers.put(name, number);
            names.add(name);
        }
        return number;
    }

    /** Returns the number of a name, or -1. */
    public int find(String name) {
        return numbers.getIfAbsent(name, -1);
    }

    /** Forgets a name: given again, it has a new number. The number it had is nobody's. */
    public void forget(String name) {
        int number = find(name);
        if (number >= 0) {
            numbers.remove(name);
            names.set(number, "");
        }
    }

    public String name(int number) {
        return names.get(number);
    }

    public List<String> all() {
        return names;
    }
}
