package io.sqletl.engine.job;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a component of a configuration record as a key of a job file. Reading, errors, reference
 * documentation and completion all come from this one declaration; the key's name is the
 * component's, its type the component's type.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {

  /** One sentence for the reference: what the key does, with units and ranges. */
  String value();

  /** Whether a job without the key is wrong. */
  boolean required() default false;

  /** The value of a job that leaves the key out, as it would be written there; empty for none. */
  String defaultValue() default "";

  /** What the value stands for, where the engine follows it beyond the stage. */
  Role role() default Role.VALUE;

  /** What a key's value stands for. */
  enum Role {
    /** Nothing beyond itself. */
    VALUE,
    /** The name of a view that an earlier stage makes. */
    INPUT_VIEW,
    /** The name of the view that the stage makes. */
    OUTPUT_VIEW,
    /** Where data is read. */
    INPUT_URI,
    /** Where data is written. */
    OUTPUT_URI,
    /** A SQL statement. */
    SQL,
    /** Values that must not reach a log. */
    SECRET,
    /** Values of which those must not reach a log whose names say that they are secret. */
    SECRET_BY_NAME
  }
}
