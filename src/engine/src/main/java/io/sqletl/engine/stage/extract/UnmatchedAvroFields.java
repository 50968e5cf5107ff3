package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageContext;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.mapred.FsInput;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Fields of the schema that the job gives which no file has. Avro gives every row their default, so
 * that a name that is misspelt, or was changed, looks like data.
 */
final class UnmatchedAvroFields {

  /** So many files are looked at before it is asked whether others are needed. */
  private static final int AT_ONCE = 20;

  private final Schema declared;
  private Map<String, String> unmatched;

  private UnmatchedAvroFields(Schema declared) {
    this.declared = declared;
  }

  /** Warns of each such field. Files are looked at until each field was seen in one. */
  static void tell(Schema declared, List<Path> files, StageContext context) {
    Configuration configuration = context.spark().sessionState().newHadoopConf();
    UnmatchedAvroFields fields = new UnmatchedAvroFields(declared);
    for (int i = 0; i < files.size() && !fields.areAllSeen(); i += AT_ONCE) {
      FilesAtOnce.look(
              files.subList(i, Math.min(files.size(), i + AT_ONCE)),
              file -> schema(file, configuration))
          .stream()
          .flatMap(Optional::stream)
          .forEach(fields::meet);
    }
    fields.tell(context);
  }

  private void tell(StageContext context) {
    if (unmatched == null) {
      return;
    }
    unmatched.forEach(
        (field, value) ->
            context.warnOfColumns(
                "no file has the field '"
                    + field
                    + "' of the schema in \"avroSchemaURI\", and every row gets its default, "
                    + value,
                "correct the name, or add the name that the files have to the field's"
                    + " \"aliases\""));
  }

  private boolean areAllSeen() {
    return unmatched != null && unmatched.isEmpty();
  }

  private void meet(Schema written) {
    Map<String, String> lacks = new LinkedHashMap<>();
    compare("", declared, written, lacks);
    if (unmatched == null) {
      unmatched = lacks;
    } else {
      unmatched.keySet().retainAll(lacks.keySet());
    }
  }

  private static void compare(
      String parent, Schema declared, Schema written, Map<String, String> lacks) {
    Optional<Schema> mine = record(declared);
    Optional<Schema> theirs = record(written);
    if (mine.isEmpty() || theirs.isEmpty()) {
      return;
    }
    for (Schema.Field field : mine.get().getFields()) {
      Optional<Schema.Field> there =
          theirs.get().getFields().stream()
              .filter(
                  other ->
                      other.name().equals(field.name()) || field.aliases().contains(other.name()))
              .findFirst();
      if (there.isPresent()) {
        compare(parent + field.name() + ".", field.schema(), there.get().schema(), lacks);
      } else if (field.hasDefaultValue()) {
        // Without a default Avro itself refuses the file
        lacks.put(parent + field.name(), text(field));
      }
    }
  }

  private static String text(Schema.Field field) {
    Object value = field.defaultVal();
    return value == org.apache.avro.JsonProperties.NULL_VALUE
        ? "NULL"
        : value instanceof String text ? "'" + text + "'" : Objects.toString(value);
  }

  /** The one record of a type, which may be null, or in a list or map. */
  private static Optional<Schema> record(Schema type) {
    return switch (type.getType()) {
      case RECORD -> Optional.of(type);
      case ARRAY -> record(type.getElementType());
      case MAP -> record(type.getValueType());
      case UNION -> {
        List<Schema> values =
            type.getTypes().stream().filter(each -> each.getType() != Schema.Type.NULL).toList();
        yield values.size() == 1 ? record(values.get(0)) : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  /** Nothing for a file that cannot be read, of which the extract itself tells. */
  private static Optional<Schema> schema(Path file, Configuration configuration) {
    try (DataFileReader<Object> reader =
        new DataFileReader<>(new FsInput(file, configuration), new GenericDatumReader<>())) {
      return Optional.of(reader.getSchema());
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
