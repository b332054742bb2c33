/** Runs of MLflow as its file store keeps them: one folder a run, one file a metric and a setting. */
@NullMarked
package org.flopledger.logs.mlflow;

import org.jspecify.annotations.NullMarked;
