/**
 * Descriptions of model architectures: what a layer is made of, how many parameters it has, which of them train.
 *
 * <p>A description is data. It computes nothing about a training run; that is the estimation package.
 */
@NullMarked
package org.flopledger.model;

import org.jspecify.annotations.NullMarked;
