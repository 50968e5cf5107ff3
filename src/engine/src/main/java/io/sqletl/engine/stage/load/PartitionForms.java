package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.FolderContents.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Compares the folders of partitions that are there with those that an Append makes. Of {@code
 * month=01} and {@code month=1} a reader makes a column of text with two values for one month.
 *
 * @param target what is written, and where
 * @param context of the load
 */
record PartitionForms(FileTarget target, StageContext context) {

  private static final String NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

  private static final String WHOLE = "-?(0|[1-9]\\d*)";
  private static final String DATE = "[-+]?\\d{4,}-\\d\\d-\\d\\d";
  private static final String DIGITS = "\\d+";
  private static final String PADDED = "0\\d+";
  private static final Pattern DATE_OF_DIGITS = Pattern.compile("(\\d{4})(\\d\\d)(\\d\\d)");

  /**
   * Looks at the folders of the files that are there.
   *
   * @param columns of the rows, with those of partitions
   * @return the rows to count whose texts have another form
   * @throws StageException if the folders have another form than the type of a column
   */
  List<LossyValues.Kind> compare(StructType columns, List<Entry> files) {
    List<LossyValues.Kind> kinds = new ArrayList<>();
    for (int i = 0; i < target.partitionBy().size(); i++) {
      String name = target.partitionBy().get(i);
      SortedSet<String> there = values(files, i);
      Optional<DataType> type = ColumnName.find(columns, name).map(column -> column.dataType());
      if (type.isEmpty() || there.isEmpty()) {
        continue;
      }
      require(name, type.get(), there);
      if (type.get() instanceof StringType) {
        otherForm(ColumnName.column(name), there)
            .ifPresent(isOther -> kinds.add(kind(isOther, name, there)));
      }
    }
    return kinds;
  }

  private static SortedSet<String> values(List<Entry> files, int level) {
    return files.stream()
        .filter(file -> file.folders().size() > level)
        .map(file -> file.folders().get(level))
        .filter(folder -> folder.contains("="))
        .map(folder -> folder.substring(folder.indexOf('=') + 1))
        .map(ExternalCatalogUtils::unescapePathName)
        .filter(value -> !value.equals(NULL_FOLDER))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void require(String name, DataType type, SortedSet<String> there) {
    boolean isWhole =
        type instanceof ByteType
            || type instanceof ShortType
            || type instanceof IntegerType
            || type instanceof LongType;
    if (!isWhole && !(type instanceof DateType)) {
      return;
    }
    String form = isWhole ? WHOLE : DATE;
    Optional<String> other = there.stream().filter(value -> !value.matches(form)).findFirst();
    if (other.isPresent()) {
      String value = other.get();
      throw new StageException(
          context.type()
              + " cannot add to '"
              + target.outputURI()
              + "': the folder '"
              + name
              + "="
              + value
              + "' is there, and inputView '"
              + target.inputView()
              + "' would write folders such as '"
              + name
              + "="
              + (isWhole ? whole(value) : date(value))
              + "' ("
              + type.sql()
              + "). A reader of both takes the column for text, with two values for one. Write "
              + (isWhole ? remedyOfWhole(name, value) : remedyOfDate(name, value))
              + " in a SQLTransform, or write to another folder.");
    }
  }

  private static String whole(String there) {
    return there.matches(DIGITS) ? there.replaceFirst("^0+(?=\\d)", "") : "1";
  }

  private static String date(String there) {
    return DATE_OF_DIGITS.matcher(there).matches()
        ? DATE_OF_DIGITS.matcher(there).replaceFirst("$1-$2-$3")
        : "2024-01-31";
  }

  private static String remedyOfWhole(String name, String there) {
    return there.matches(DIGITS)
        ? "lpad(" + name + ", " + there.length() + ", '0')"
        : "the column as text, as the folders have it,";
  }

  private static String remedyOfDate(String name, String there) {
    return DATE_OF_DIGITS.matcher(there).matches()
        ? "date_format(" + name + ", 'yyyyMMdd')"
        : "date_format(" + name + ", …) with the pattern of the folders";
  }

  /** Whether a text has another form than all that are there; nothing where these have none. */
  private static Optional<Column> otherForm(Column value, SortedSet<String> there) {
    Column isDate = value.rlike("^" + DATE + "$");
    if (there.stream().allMatch(text -> text.matches(DATE))) {
      return Optional.of(isDate.equalTo(false));
    }
    if (!there.stream().allMatch(text -> text.matches(DIGITS))) {
      return Optional.empty();
    }
    SortedSet<Integer> lengths =
        there.stream().map(String::length).collect(Collectors.toCollection(TreeSet::new));
    boolean isPadded = there.stream().anyMatch(text -> text.matches(PADDED));
    if (isPadded && lengths.size() > 1) {
      return Optional.empty();
    }
    // Digits of one length may be padded ones, whose first needed no zero
    Column isOther =
        isPadded
            ? value.rlike("^" + DIGITS + "$").and(length(value).lt(lit(lengths.first())))
            : value
                .rlike("^" + PADDED + "$")
                .and(lit(lengths.size() > 1).or(length(value).notEqual(lit(lengths.first()))));
    return Optional.of(isOther.or(isDate));
  }

  private static LossyValues.Kind kind(Column isOther, String name, SortedSet<String> there) {
    return new LossyValues.Kind(
        isOther,
        "lie in folders of column '"
            + name
            + "' whose names have another form than those that are there, such as '"
            + name
            + "="
            + there.first()
            + "'; one value may be read as two",
        "write the text as the folders have it, with lpad(…, n, '0') or date_format(…)");
  }
}
