package org.flopledger.huggingface.peft;

import java.util.OptionalLong;
import org.flopledger.model.Architecture;

/**
 * The model that an adapter belongs to.
 *
 * @param modelType the stated {@code model_type}; empty if none is stated
 * @param family the family it was read as
 * @param architecture what the model is made of
 * @param weightBits bits of a stored weight where the weights are quantised
 */
public record BaseModel(String modelType, String family, Architecture architecture, OptionalLong weightBits) {}
