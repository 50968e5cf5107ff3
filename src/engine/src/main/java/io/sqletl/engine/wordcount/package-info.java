/** A plain Spark application, for clusters that run such besides jobs; no part of the engine. */
package io.sqletl.engine.wordcount;
