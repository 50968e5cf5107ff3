package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.FaultText;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * XML documents as texts: unpacked, in the encoding that each names itself, and found to be
 * well-formed. Spark would read them as UTF-8 and make a row of nulls of a broken one.
 */
final class XmlDocuments {

  /** The column of texts. */
  static final String TEXT = "text";

  /** The column of the URIs that they come from. */
  static final String FILE = "file";

  /** The column of what of a document cannot be told apart; null for a good one. */
  static final String PROBLEM = "problem";

  private static final StructType TEXTS =
      new StructType().add(TEXT, DataTypes.StringType).add(PROBLEM, DataTypes.StringType);

  private static final StructType COLUMNS = TEXTS.add(FILE, DataTypes.StringType, false);

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private XmlDocuments() {}

  /**
   * The documents of files, those without a byte left out; nothing is read yet.
   *
   * @param asWritten whether texts stay as they are, and problems are not looked for
   */
  static Dataset<Row> read(
      InputFiles files, Optional<String> xsd, boolean asWritten, SparkSession spark) {
    return spark
        .read()
        .format("binaryFile")
        .load(files.globs())
        .filter("length > 0")
        .select("path", "content")
        .map(new Decode(xsd, asWritten), Encoders.row(COLUMNS));
  }

  /** The documents that texts are. */
  static Dataset<Row> of(Dataset<String> texts, Optional<String> xsd, boolean asWritten) {
    return texts.map(new Check("a document of the view", xsd, asWritten), Encoders.row(TEXTS));
  }

  /** Reads a schema and reports what is wrong with it. */
  static Optional<String> readSchema(Optional<String> uri, StagePlanning planning) {
    return uri.flatMap(address -> planning.read("xsdURI", address))
        .flatMap(
            source -> {
              try {
                schema(source.text());
                return Optional.of(source.text());
              } catch (SAXException e) {
                planning.invalid(
                    "xsdURI",
                    "The file " + uri.get() + " is no XML schema: " + place(e) + e.getMessage(),
                    "give an XSD that is whole in one file");
                return Optional.empty();
              }
            });
  }

  private static Schema schema(String xsd) throws SAXException {
    SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
    return factory.newSchema(new StreamSource(new StringReader(xsd)));
  }

  private static String place(SAXException e) {
    return e instanceof SAXParseException at && at.getLineNumber() > 0
        ? "line " + at.getLineNumber() + ": "
        : "";
  }

  /** Refuses a document that is not well-formed, or does not meet the schema. */
  private static final class Check implements MapFunction<String, Row> {

    private static final long serialVersionUID = 1L;

    /** What the parser says of an entity that is none of XML's own five. */
    private static final Pattern ENTITY = Pattern.compile("(?i)general entity \"([^\"]+)\"");

    /** What it says of an & that begins no entity, and of a < that begins no element. */
    private static final Pattern AMPERSAND =
        Pattern.compile("missing name\\?|semi-colon after the reference|malformed start element");

    /** So many characters tell a document of a view from others. */
    private static final int SHOWN = 60;

    private final String where;
    private final String xsd;
    private final boolean asWritten;
    private transient Validator validator;

    /**
     * @param where what the messages call the document
     * @param xsd the text of the schema
     */
    Check(String where, Optional<String> xsd, boolean asWritten) {
      this.where = where;
      this.xsd = xsd.orElse(null);
      this.asWritten = asWritten;
    }

    @Override
    public Row call(String text) {
      XmlText checked =
          text == null
              ? new XmlText(null, asWritten ? null : "The text is NULL.")
              : check(text, where + " that begins with '" + beginning(text) + "'");
      return RowFactory.create(checked.text(), checked.problem());
    }

    private static String beginning(String text) {
      String line = text.strip().lines().findFirst().orElse("");
      return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
    }

    XmlText check(String text, String document) {
      try {
        XmlText checked = XmlText.of(text);
        if (xsd != null) {
          validate(text);
        }
        return asWritten ? new XmlText(text, null) : checked;
      } catch (XMLStreamException e) {
        throw new StageException(
            "XMLExtract cannot read "
                + document
                + ": line "
                + e.getLocation().getLineNumber()
                + ": "
                + reason(e)
                + "; "
                + remedy(reason(e)),
            e);
      } catch (SAXException e) {
        throw new StageException(
            "XMLExtract: "
                + document
                + " does not meet the schema of 'xsdURI': "
                + place(e)
                + e.getMessage(),
            e);
      }
    }

    private static String remedy(String reason) {
      Matcher entity = ENTITY.matcher(reason);
      return entity.find()
          ? "what a document declares itself (<!DOCTYPE …>, <!ENTITY …>) is not read, as it could"
              + " name any file or grow without end: write the text in place of &"
              + entity.group(1)
              + "; (xmllint --noent does), or &amp;"
              + entity.group(1)
              + "; where these characters are meant"
          : (AMPERSAND.matcher(reason).find()
                  ? "an & that is meant as such is written &amp; there, and < is &lt;; "
                  : "")
              + "repair it or take it out of the input";
    }

    private void validate(String text) throws SAXException {
      try {
        if (validator == null) {
          validator = schema(xsd).newValidator();
        }
        validator.validate(new StreamSource(new StringReader(text)));
      } catch (IOException e) {
        throw new IllegalStateException("A text in memory that cannot be read", e);
      }
    }

    /** The parser puts the place before its reason, on a line of its own. */
    private static String reason(XMLStreamException e) {
      String message = String.valueOf(e.getMessage());
      return message
          .substring(message.indexOf("Message: ") < 0 ? 0 : message.indexOf("Message: ") + 9)
          .lines()
          .findFirst()
          .orElse("");
    }
  }

  /** Makes a text of the bytes of a file. */
  private static final class Decode implements MapFunction<Row, Row> {

    private static final long serialVersionUID = 1L;

    private final Check check;
    private transient CompressionCodecFactory codecs;

    private Decode(Optional<String> xsd, boolean asWritten) {
      this.check = new Check("a document", xsd, asWritten);
    }

    @Override
    public Row call(Row file) {
      String path = file.getString(0);
      try {
        String text = text(unpacked(path, file.getAs(1)));
        XmlText checked = check.check(text, "'" + path + "'");
        return RowFactory.create(checked.text(), checked.problem(), uri(path));
      } catch (IOException e) {
        throw new StageException(
            "XMLExtract cannot read '"
                + path
                + "': "
                + FaultText.of(e)
                + "; repair it or take it out of the input",
            e);
      }
    }

    private byte[] unpacked(String path, byte[] bytes) throws IOException {
      if (codecs == null) {
        codecs = new CompressionCodecFactory(new Configuration());
      }
      CompressionCodec codec = codecs.getCodec(new Path(path));
      if (codec == null) {
        return bytes;
      }
      try (InputStream stream = codec.createInputStream(new ByteArrayInputStream(bytes))) {
        return stream.readAllBytes();
      }
    }

    private static String text(byte[] bytes) throws IOException {
      Charset encoding = encoding(bytes);
      String text;
      try {
        text = encoding.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        throw new IOException(
            "its bytes are no "
                + encoding
                + "; declare its encoding at its begin, as in <?xml version=\"1.0\""
                + " encoding=\"ISO-8859-1\"?>",
            e);
      }
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    /** As {@code input_file_name()} writes it, which differs for local files. */
    private static String uri(String path) {
      return path.startsWith("file:/") && !path.startsWith("file://")
          ? "file://" + path.substring("file:".length())
          : path;
    }
  }

  /** As the document declares it, or as its first bytes show. */
  static Charset encoding(byte[] bytes) {
    try {
      XMLStreamReader reader =
          inputFactory().createXMLStreamReader(new ByteArrayInputStream(bytes));
      String name =
          reader.getCharacterEncodingScheme() == null
              ? reader.getEncoding()
              : reader.getCharacterEncodingScheme();
      reader.close();
      return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
    } catch (XMLStreamException | IllegalArgumentException e) {
      // The check that follows says what is wrong with the document
      return StandardCharsets.UTF_8;
    }
  }

  /** A parser that follows nothing that a document refers to. */
  static XMLInputFactory inputFactory() {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return factory;
  }
}
