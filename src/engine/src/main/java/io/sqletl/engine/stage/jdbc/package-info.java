/**
 * Databases that are reached through JDBC: their drivers, connections, and what of them is told.
 */
package io.sqletl.engine.stage.jdbc;
