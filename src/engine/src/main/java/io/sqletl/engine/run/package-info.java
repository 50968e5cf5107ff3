/**
 * Planning and running a job. Progress, JSON log, report and results file are listeners to the same
 * events.
 */
package io.sqletl.engine.run;
