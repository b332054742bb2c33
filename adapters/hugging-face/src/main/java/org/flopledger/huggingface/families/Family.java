package org.flopledger.huggingface.families;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.flopledger.huggingface.parts.FamilyReader;

/**
 * One family of models: the {@code model_type} it is known by, what an absent field means, and how it is read.
 *
 * @param name the model type, such as {@code llama}
 * @param defaults transformers' own values of absent fields
 * @param reader how fields become an architecture
 */
public record Family(String name, ObjectNode defaults, FamilyReader reader) {}
