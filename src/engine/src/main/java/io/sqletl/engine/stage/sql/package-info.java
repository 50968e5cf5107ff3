/**
 * SQL statements of stages: where their text stands, their parameters, their syntax, and the views
 * that they read and make; all of it known before Spark starts.
 */
package io.sqletl.engine.stage.sql;
