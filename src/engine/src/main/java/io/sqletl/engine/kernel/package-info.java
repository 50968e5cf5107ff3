/**
 * The Jupyter kernel {@code arc}: Jupyter's protocol, what an author sees of a result, and the
 * magics that only help an author. What a cell does is done by the packages below.
 */
package io.sqletl.engine.kernel;
