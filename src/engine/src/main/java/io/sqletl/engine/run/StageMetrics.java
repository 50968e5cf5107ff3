package io.sqletl.engine.run;

/**
 * What Spark's tasks read and wrote during a stage; 0 where they did neither.
 *
 * @param bytesRead bytes read from files
 * @param rowsRead rows read from files
 * @param bytesWritten bytes written to files
 * @param rowsWritten rows written to files
 * @param tasks tasks that ended
 */
public record StageMetrics(
    long bytesRead, long rowsRead, long bytesWritten, long rowsWritten, int tasks) {}
