/** The command {@code etl}: parses, calls, prints; knows nothing of ETL. */
package io.sqletl.engine.cli;
