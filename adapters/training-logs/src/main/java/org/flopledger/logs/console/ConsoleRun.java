package org.flopledger.logs.console;

import org.flopledger.logs.LossCurve;
import org.flopledger.logs.RunEvidence;

/**
 * One run that a console log tells.
 *
 * @param evidence what it tells
 * @param losses its first losses, by which a tracker's files of the same run are known
 */
public record ConsoleRun(RunEvidence evidence, LossCurve losses) {}
