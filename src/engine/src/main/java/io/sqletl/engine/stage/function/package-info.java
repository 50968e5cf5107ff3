/** SQL functions beyond Spark's own. */
package io.sqletl.engine.stage.function;
