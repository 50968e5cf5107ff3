package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StageException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.CalendarIntervalType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimeType;
import org.apache.spark.sql.types.VariantType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/** The types that a format can hold, so that a reader finds the values that were written. */
enum WritableTypes {
  /** One value a field. */
  DELIMITED {
    @Override
    Optional<String> refusal(DataType type) {
      return nested(type) || type instanceof VariantType ? Optional.of(AS_JSON) : interval(type);
    }
  },
  JSON {
    @Override
    Optional<String> refusal(DataType type) {
      return textKeys(type).or(() -> time(type)).or(() -> interval(type));
    }
  },
  XML {
    @Override
    Optional<String> refusal(DataType type) {
      return type instanceof YearMonthIntervalType || type instanceof DayTimeIntervalType
          ? Optional.of(AS_TEXT)
          : JSON.refusal(type);
    }
  },
  PARQUET {
    @Override
    Optional<String> refusal(DataType type) {
      return time(type).or(() -> interval(type));
    }
  },
  ORC {
    @Override
    Optional<String> refusal(DataType type) {
      return type instanceof VariantType
          ? Optional.of(AS_JSON)
          : PARQUET.refusal(type).or(() -> untyped(type));
    }
  },
  AVRO {
    @Override
    Optional<String> refusal(DataType type) {
      return type instanceof VariantType
          ? Optional.of(AS_JSON)
          : textKeys(type).or(() -> collated(type)).or(() -> PARQUET.refusal(type));
    }
  },
  DELTA {
    @Override
    Optional<String> refusal(DataType type) {
      return type instanceof YearMonthIntervalType || type instanceof DayTimeIntervalType
          ? Optional.of(AS_TEXT)
          : collated(type).or(() -> PARQUET.refusal(type)).or(() -> untyped(type));
    }
  };

  private static final String AS_JSON = "write it as text, such as to_json(…)";
  private static final String AS_TEXT = "write it as text, cast(… AS STRING)";

  /** What to do instead with a value of this type, without a look inside; nothing if it fits. */
  abstract Optional<String> refusal(DataType type);

  /**
   * Looks at columns, and at what is inside them, before anything is written.
   *
   * @param partitionBy columns that are in the names of folders, not in the files
   * @throws StageException for a type that has no place, or two fields of one name
   */
  void require(StructType columns, List<String> partitionBy, String type, String inputView) {
    for (StructField column : columns.fields()) {
      if (partitionBy.stream().noneMatch(column.name()::equalsIgnoreCase)) {
        require(column.dataType(), column.name(), type, inputView);
      } else if (column.dataType() instanceof BinaryType) {
        throw new StageException(
            type
                + " cannot partition by the column '"
                + column.name()
                + "' of inputView '"
                + inputView
                + "': the names of folders are text, and it is binary; partition by hex(…) or"
                + " base64(…) of it.");
      }
    }
  }

  private void require(DataType held, String path, String type, String inputView) {
    Optional<String> remedy = refusal(held);
    if (remedy.isPresent()) {
      throw new StageException(
          type
              + " cannot write the column '"
              + path
              + "' of inputView '"
              + inputView
              + "': the format has no type for "
              + held.sql()
              + "; "
              + remedy.get()
              + ".");
    }
    if (held instanceof StructType fields) {
      requireDistinct(fields, path + ".", type, inputView);
      for (StructField field : fields.fields()) {
        require(field.dataType(), path + "." + field.name(), type, inputView);
      }
    } else if (held instanceof ArrayType list) {
      require(list.elementType(), path, type, inputView);
    } else if (held instanceof MapType map) {
      require(map.keyType(), path, type, inputView);
      require(map.valueType(), path, type, inputView);
    }
  }

  /** Refuses two columns whose names differ in capitals only, or not at all. */
  static void requireDistinct(StructType columns, String path, String type, String inputView) {
    Set<String> names = new HashSet<>();
    for (StructField column : columns.fields()) {
      if (!names.add(column.name().toLowerCase(Locale.ROOT))) {
        throw new StageException(
            type
                + " cannot write inputView '"
                + inputView
                + "': it has the column '"
                + path
                + column.name()
                + "' twice, as readers that do not look at capitals see it; rename one in a"
                + " SQLTransform.");
      }
    }
  }

  private static boolean nested(DataType type) {
    return type instanceof StructType || type instanceof MapType || type instanceof ArrayType;
  }

  private static Optional<String> textKeys(DataType type) {
    return type instanceof MapType map && !(map.keyType() instanceof StringType)
        ? Optional.of(
            "the keys of its maps are text: transform_keys(…, (k, v) -> cast(k AS STRING)), or"
                + " map_entries(…)")
        : Optional.empty();
  }

  private static Optional<String> collated(DataType type) {
    return type instanceof StringType text && !text.isUTF8BinaryCollation()
        ? Optional.of("write it as plain text, … COLLATE UTF8_BINARY")
        : Optional.empty();
  }

  private static Optional<String> time(DataType type) {
    return type instanceof TimeType ? Optional.of(AS_TEXT) : Optional.empty();
  }

  private static Optional<String> interval(DataType type) {
    return type instanceof CalendarIntervalType ? Optional.of(AS_TEXT) : Optional.empty();
  }

  private static Optional<String> untyped(DataType type) {
    return type instanceof NullType
        ? Optional.of("give the bare NULL inside it a type, cast(NULL AS …)")
        : Optional.empty();
  }
}
