package org.flopledger.review;

import java.math.BigDecimal;

/**
 * What a condition looks at.
 *
 * @param facts the facts
 * @param basis the rule's counting basis
 * @param tolerance the rule's tolerance as a share, 0 for none
 * @param choice what to do with items that may be left out
 */
record ConditionContext(Facts facts, CountingBasis basis, BigDecimal tolerance, ReviewProfile.Choice choice) {}
