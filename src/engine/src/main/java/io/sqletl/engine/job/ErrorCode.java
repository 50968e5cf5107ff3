package io.sqletl.engine.job;

/** The stable names of what can be wrong with a job; users and scripts may rely on them. */
public enum ErrorCode {
  /** The job file is not there, or cannot be read. */
  JOB_NOT_FOUND,
  /** A notebook for another kernel. */
  NOT_A_NOTEBOOK,
  /**
   * The file's name says notebook and its content does not, as after a merge, or it holds stages
   * and is for another kernel.
   */
  BROKEN_NOTEBOOK,
  /** The job has no list of stages, or none of them runs in this environment. */
  NO_STAGES,
  /** A policy of the run forbids what the job does. */
  POLICY,
  /** JSON or HOCON that does not parse. */
  CONFIG_SYNTAX,
  /** An <code>include</code> that may not be followed, or leads nowhere. */
  INCLUDE,
  /** An error of the engine as it read or checked something; the rest was checked all the same. */
  ENGINE,
  /** A key that stands in one object more than once, so that the last counts; a warning. */
  DUPLICATE_KEY,
  /** A view that nothing has read, or that is made again before; a warning. */
  UNUSED_VIEW,
  /** A variable of the command line that nothing uses, and another one is near; a warning. */
  UNUSED_VARIABLE,
  /** A stage type that nobody provides. */
  UNKNOWN_STAGE,
  /** A magic that nobody knows. */
  UNKNOWN_MAGIC,
  /** A key that the stage does not have. */
  UNKNOWN_KEY,
  /** A key that the stage cannot do without. */
  MISSING_KEY,
  /** A value of another type than the key's. */
  WRONG_TYPE,
  /** A value of the right type outside what the key allows. */
  INVALID_VALUE,
  /** A <code>${NAME}</code> that nothing defines. */
  UNRESOLVED_VARIABLE,
  /** Two stages with one id. */
  DUPLICATE_ID,
  /** A view that no earlier stage makes. */
  UNKNOWN_VIEW,
  /** SQL that does not parse. */
  SQL_SYNTAX,
  /** A parameter without a placeholder in the SQL, or a placeholder without a parameter. */
  SQL_PARAMETER,
  /** A plugin of the job that failed as the job was read. */
  PLUGIN_FAILED,
  /** A job that runs itself, directly or through others. */
  PIPELINE_CYCLE,
  /** A join without a condition, which is hardly meant; a warning. */
  CROSS_JOIN,
  /** Rows are compared with the columns that say where they stand; a warning. */
  PLACE_COUNTS,
  /** A view of so many columns that Spark takes long to plan what reads it; a warning. */
  WIDE_VIEW,
  /** A date without quotes, which is a subtraction of numbers; a warning. */
  DATE_WITHOUT_QUOTES,
  /** A pattern of times in SQL that probably means otherwise than it says; a warning. */
  TIME_PATTERN,
  /** A text in double quotes that is the name of a column; a warning. */
  QUOTED_COLUMN,
  /** A column under the name of another one of its input, as without a comma; a warning. */
  MISSING_COMMA,
  /** A text that SQL takes as a double, which has fewer digits; a warning. */
  TEXT_AS_DOUBLE,
  /** A text that is compared with a number by the order of texts; a warning. */
  TEXT_ORDER,
  /** A function whose result differs from run to run; a warning. */
  NON_DETERMINISTIC,
  /** Something that still works and should not be used anew; a warning. */
  DEPRECATED,
  /** A file that a stage refers to is not there, or cannot be read. */
  FILE_NOT_FOUND,
  /** A schema that is no schema, or a column of it that is wrong. */
  INVALID_SCHEMA,
  /** Columns of several inputs that differ and were put right; a warning. */
  COLUMNS_DIFFER,
  /** Something of the format that this version cannot do. */
  UNSUPPORTED,
  /** A load that found its target there and left it alone; a warning. */
  NOTHING_WRITTEN,
  /** A key that does nothing beside the others of its stage; a warning. */
  NO_EFFECT,
  /** A load that writes what another stage of the job reads or writes. */
  CHANGED_INPUT,
  /** Columns, values or rows that a load leaves out or cannot keep; a warning. */
  LOST_IN_LOAD,
  /** Files that look like copies of each other are read; a warning. */
  COPIED_FILES,
  /** Text of a file seems to be in another encoding than the job says; a warning. */
  ENCODING,
  /** A merge put a key into the table more than once; a warning. */
  REPEATED_KEY,
  /** A load leaves out columns that its format has no place for; a warning. */
  COLUMNS_LEFT_OUT,
  /** Something of a run that could not be removed, and can be by hand; a warning. */
  LEFT_OVER,
  /** A load writes values that do not read back as they were; a warning. */
  LOSSY_WRITE,
  /** A manifest that cannot be written, as of a table with deletion vectors; a warning. */
  NO_MANIFEST,
  /** Values of which typing keeps fewer digits than there are; a warning. */
  VALUES_ADJUSTED,
  /** Local times of the hour that comes twice when clocks go back; a warning. */
  TIMES_TWICE,
  /** A checksum over a text that depends on the version of Java; a warning. */
  UNSTABLE_TEXT,
  /** Columns whose names differ between files, or between a view and a schema; a warning. */
  COLUMN_NAMES,
  /** An input of which malformed records or doubtful values are not told; a warning. */
  UNTOLD,
  /** Files of the input that are passed over; a warning. */
  FILES_NOT_READ,
  /** The lake folder cannot be used. */
  LAKE,
  /** An option of the command that makes no sense. */
  USAGE
}
