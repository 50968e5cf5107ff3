/**
 * JSON as records: where each begins and ends in its file, what its values are by a schema or by
 * what all records agree on, and what is wrong with one.
 */
package io.sqletl.engine.stage.json;
