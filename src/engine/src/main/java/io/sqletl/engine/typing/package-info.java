/**
 * The schema file and its translation to Catalyst column expressions.
 *
 * <p>Typing runs inside the code that Spark generates: no row is ever turned into an object. The
 * classes that generated code calls ({@link io.sqletl.engine.typing.Typer}, {@link
 * io.sqletl.engine.typing.RowErrors}) have to be public; they are no interface for anybody else.
 */
package io.sqletl.engine.typing;
