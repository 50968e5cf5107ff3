package io.sqletl.engine.stage.json;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Base64;

/**
 * How files of JSON are read; travels as an option of Spark's reader.
 *
 * @param root what each record is; null to find out
 * @param isByLine whether each line is read by itself
 * @param encoding of the bytes; null for what they show, which is UTF-8 unless zeros say otherwise
 */
public record JsonReading(JsonObjectValue root, boolean isByLine, String encoding)
    implements Serializable {

  static final String OPTION = "reading";

  /** Whether a file may be read by several tasks. */
  public boolean splitsFiles() {
    return isByLine && encoding == null;
  }

  String toText() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  static JsonReading ofText(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes)) {
          @Override
          protected Class<?> resolveClass(java.io.ObjectStreamClass type)
              throws IOException, ClassNotFoundException {
            return Class.forName(type.getName(), false, JsonReading.class.getClassLoader());
          }
        }) {
      return (JsonReading) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException("The text of a reading that cannot be read", e);
    }
  }
}
