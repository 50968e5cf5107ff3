/** Yardsticks of the benchmarks: what the same work costs without the engine. */
package io.sqletl.bench;
