package org.flopledger.review;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A fact beside compute that a rule may ask for. The set is closed, so a rule file can ask only what is listed here.
 *
 * <p>In rule files and on the command line a fact is written in lower case with hyphens: {@code actor-revenue-usd}.
 *
 * <p>{@link ReviewRule#factsAsked} says which a rule wants; {@link Facts} holds what is stated.
 */
public enum FactName {
    MODALITY(Kind.TAGS, "what the model can generate or do (modality)"),
    DATA_KIND(Kind.TAGS, "the kind of data it was mainly trained on"),
    RELEASE(Kind.TAGS, "how the weights are released"),
    DESTINATION(Kind.TAGS, "the destination or customer the weights, chips or services go to"),

    OTHER_ACTOR(Kind.ANSWER, "whether another actor than the original provider modified the model"),
    ORIGINAL_SYSTEMIC_RISK(Kind.ANSWER, "whether the original model is classified as one with systemic risk"),
    STATE_OF_THE_ART(Kind.ANSWER, "whether state-of-the-art technology is applied"),
    BROAD_SERIOUS_RISK(Kind.ANSWER, "whether its risk has a broad and serious effect on fundamental rights"),
    CAPABILITY_DESIGNATION(Kind.ANSWER, "whether an authority designated the model by its capabilities"),
    NAMED_IN_LETTER(Kind.ANSWER, "whether the model is named in the authority's letter"),
    MATCHED_BY_PUBLISHED(Kind.ANSWER, "whether fewer operations would match the best published model"),
    DISTILLED_FROM_COVERED(Kind.ANSWER, "whether it was distilled from a model the rule covers", false),
    BASE_COVERED(Kind.ANSWER, "whether the base model is itself covered by the rule", false),
    SINGLE_DATACENTRE(Kind.ANSWER, "whether the machines stand in one datacentre"),
    DATACENTRE_CHIP(Kind.ANSWER, "whether the chip is designed or marketed for datacentres"),
    FOREIGN_CUSTOMER(Kind.ANSWER, "whether a foreign person trains through the provider"),
    MALICIOUS_CYBER_CAPABILITY(Kind.ANSWER, "whether the model could be used in malicious cyber-enabled activity"),
    RESTRICTED_WEIGHTS_CUSTOMER(
            Kind.ANSWER, "whether the customer trains with listed weights from outside the listed allies"),
    MIXTURE_OF_EXPERTS(Kind.ANSWER, "whether the model has mixture-of-experts layers", false),
    PEFT(Kind.ANSWER, "whether a parameter-efficient method was trained", false),
    SENSITIVE_TASK(Kind.ANSWER, "whether the inference task is declared sensitive", false),
    TRAINING_HARDWARE(Kind.ANSWER, "whether the device is sold for training rather than inference"),

    ACTOR_REVENUE_USD(Kind.AMOUNT, "the developer's group revenue in the previous calendar year, in US dollars"),
    ACTOR_REVENUE_36_MONTHS_USD(Kind.AMOUNT, "the developer's revenue over rolling 36 months, in US dollars"),
    ACTOR_AI_SPEND_36_MONTHS_USD(Kind.AMOUNT, "the developer's AI spend over rolling 36 months, in US dollars"),
    TRAINING_COST_USD(Kind.AMOUNT, "the cost of the training at published cloud prices when it began, in US dollars"),
    CLUSTER_NETWORK_GBIT_PER_SECOND(Kind.AMOUNT, "the cluster's network rate in Gbit/s"),
    CLUSTER_PEAK_OP_PER_SECOND(Kind.AMOUNT, "the cluster's theoretical dense maximum in op/s"),
    CHIP_TPP(Kind.AMOUNT, "the chip's total processing performance (2 x MacTOPS x bits, dense)"),
    CHIP_PERFORMANCE_DENSITY(Kind.AMOUNT, "the chip's performance density (TPP / applicable die area in mm2)"),
    CHIP_IO_GB_PER_SECOND(Kind.AMOUNT, "the chip's aggregate bidirectional I/O rate in GB/s"),
    CHIP_MEMORY_BANDWIDTH_DENSITY(Kind.AMOUNT, "the memory's bandwidth density in GB/s per mm2 of package"),
    CHIP_DRAM_GB_PER_SECOND(Kind.AMOUNT, "the chip's total DRAM bandwidth in GB/s"),
    CHIP_TDP_WATT(Kind.AMOUNT, "the chip's thermal design power in W"),
    CHIP_PEAK_PFLOP_PER_SECOND(Kind.AMOUNT, "the device's peak rate in PFLOP/s"),
    ACCELERATORS_PER_PASS(Kind.AMOUNT, "accelerators used by one forward pass"),
    LATENCY_BATCH_ONE_MILLIS(Kind.AMOUNT, "inference latency at batch size 1, in ms");

    /** What a fact's value looks like. */
    public enum Kind {
        /** A few words from a rule's list. */
        TAGS,
        /** Yes or no. */
        ANSWER,
        /** A decimal number, not negative. */
        AMOUNT
    }

    private final Kind kind;
    private final String description;
    private final @Nullable Boolean unstated;

    FactName(Kind kind, String description) {
        this(kind, description, null);
    }

    FactName(Kind kind, String description, @Nullable Boolean unstated) {
        this.kind = kind;
        this.description = description;
        this.unstated = unstated;
    }

    /** Returns what the value looks like. */
    public Kind kind() {
        return kind;
    }

    /** Returns what the fact is, as a clause that can follow "needed:". */
    public String description() {
        return description;
    }

    /** Returns how rule files and commands write it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the answer taken where nobody gave one, and shown as taken; null where the question then stays open. */
    @Nullable
    Boolean unstated() {
        return unstated;
    }

    /** Returns whether the fact is about who acts: an actor that falls short is outside a rule, not below its line. */
    boolean describesActor() {
        return this == ACTOR_REVENUE_USD || this == ACTOR_REVENUE_36_MONTHS_USD || this == ACTOR_AI_SPEND_36_MONTHS_USD;
    }

    /**
     * Returns the fact written so.
     *
     * @throws IllegalArgumentException if there is none, naming those that exist
     */
    public static FactName ofKey(String key) {
        StringBuilder known = new StringBuilder();
        for (FactName fact : values()) {
            if (fact.key().equals(key)) {
                return fact;
            }
            known.append(known.length() == 0 ? "" : ", ").append(fact.key());
        }
        throw new IllegalArgumentException("fact is '" + MessageText.brief(key) + "', must be one of " + known);
    }
}
